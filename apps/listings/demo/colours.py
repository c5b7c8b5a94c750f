"""Colours of the drawings: backdrops, and a light, a middle and a dark tone of each material."""

from typing import NamedTuple


class Tone(NamedTuple):
    light: str
    main: str
    dark: str


class Backdrop(NamedTuple):
    centre: str
    edge: str


BACKDROPS = {
    "violet": Backdrop("#5c5487", "#352c55"),
    "teal": Backdrop("#2f6a70", "#0b3a40"),
    "green": Backdrop("#43704a", "#1c3b27"),
    "plum": Backdrop("#7f5570", "#47283f"),
    "rust": Backdrop("#80504a", "#472622"),
    "navy": Backdrop("#45628d", "#212f50"),
    "brown": Backdrop("#775434", "#432d19"),
    "slate": Backdrop("#56646f", "#29333c"),
}

TONES = {
    "rose": Tone("#ffc3d6", "#f0719b", "#c0456f"),
    "fire": Tone("#ffb37a", "#f2664b", "#b83a35"),
    "amber": Tone("#ffe49a", "#f0b342", "#b9791d"),
    "lime": Tone("#c7ec8e", "#7dbb4b", "#4d8534"),
    "jade": Tone("#8ff0c8", "#2fbf93", "#117a62"),
    "azure": Tone("#d3f0ff", "#6bbcf2", "#2f7fc4"),
    "violet": Tone("#e3c6ff", "#a877e6", "#6f45ad"),
    "steel": Tone("#e4f0f5", "#abc6d4", "#6d91a5"),
}

GOLD = Tone("#f8d978", "#e0b04a", "#b17a20")
STEEL = TONES["steel"]
WOOD = Tone("#8d6645", "#5f4129", "#402a1a")
DARK = Tone("#4a5360", "#2b313a", "#171b21")
IVORY = Tone("#fff6e6", "#ead9bd", "#c3a983")
SHADE = "#00000038"
SHINE = "#ffffff66"
