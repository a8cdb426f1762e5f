"""The language server: diagnostics, fixes, completion and explanations in editors."""
