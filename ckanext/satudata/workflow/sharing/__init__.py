"""Work that several people share: sets of datasets that go together, and who has taken what on."""
