"""The site's pictures, one module each. A module has ``draw() -> Drawing``; a page shows it with ``{drawing} name``."""
