"""Goods that are bought for the orders that sell them: both orders know of each other.

Covers the make-to-order part of flow-cross-2 (17.0); the counts are inferred.
"""
