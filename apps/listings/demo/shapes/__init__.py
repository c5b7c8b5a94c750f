"""What can be drawn: a function a shape, given a pen and the tone of its main part."""

from . import blades, firearms, gear, machines, magic, treasure

SHAPES = {shape.__name__: shape for module in (blades, firearms, gear, machines, magic, treasure) for shape in module.DRAWN}
