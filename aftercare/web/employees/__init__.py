"""Employees: list, file, skills, certificates, grants, sign-in, badge."""
