"""Build script; the metadata are in setup.cfg.

The fixtures stand at the top of the checkout, where people look for them, and inside the package once installed.
"""

from setuptools import find_packages, setup

setup(
    py_modules=["odoo_mockserver"],
    packages=[*find_packages(include=["mockserver", "mockserver.*"]), "mockserver.fixtures"],
    package_dir={"mockserver.fixtures": "fixtures"},
    package_data={
        "mockserver": ["py.typed"],
        "mockserver.control": ["page/*"],
        "mockserver.fixtures": ["*.json", "classes/*.json", "terms/*.json", "methods/*.json"],
    },
    include_package_data=False,
)
