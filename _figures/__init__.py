"""Every number and picture that this site computes: closed forms, independent checks of them, and drawings."""
