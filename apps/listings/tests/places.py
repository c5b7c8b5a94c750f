"""Where a listing has its pages and its files."""


def address(listing, page):
    return f"/listing/{listing.pk}/{page}/"


def files(folder):
    return list((folder / "listings").glob("*")) if (folder / "listings").exists() else []
