"""Is the portal well? Checks of the installation, one per file in ``checks/``, for operators and their monitoring.

Knows no slice: it reads CKAN, the services around it and, by name and never writing, the tables of the slices.
"""
