"""Tests of the whole: the company, its stories and the house."""
