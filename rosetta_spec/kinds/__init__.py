"""The words of the rule language, one file each; `registry` lists them."""
