"""A program as whole numbers over columns, and the engines that run it."""
