"""Units of measure: conversion, and the rules about reference units.

Covers the units of flow-product-3 (17.0, 18.0, 19.0).
"""
