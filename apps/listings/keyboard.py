"""The two layouts of a keyboard: what was typed with the other one switched on."""

LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_SHIFTED = {"{": "х", "}": "ъ", ":": "ж", '"': "э", "<": "б", ">": "ю", "~": "ё"}
_TO_RUSSIAN = str.maketrans(dict(zip(LATIN, RUSSIAN, strict=True)) | _SHIFTED)
_TO_LATIN = str.maketrans(dict(zip(RUSSIAN, LATIN, strict=True)))


def switched(text: str) -> str:
    """«vtx» → «меч», «ьфпшс» → «magic»; in lower case."""
    text = text.lower()
    return text.translate(_TO_LATIN if any(letter in _TO_LATIN for letter in map(ord, text)) else _TO_RUSSIAN)
