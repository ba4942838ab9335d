"""Printed methods (评分标准, 计分办法) understood as rules of scoring."""
