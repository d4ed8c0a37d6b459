"""Services that are bought for the orders that sell them, and the orders on both sides of each other.

Inferred: no flow is recorded.
"""
