"""The fast path: answers a call about valid files, and imports only builtins and itself."""
