"""The actions of publication: `chained` are CKAN's own with the guard in front, the others are ours."""
