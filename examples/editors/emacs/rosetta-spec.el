;;; rosetta-spec.el --- Sampling requests, by eglot  -*- lexical-binding: t -*-

;; Emacs 29 or newer, or an older one with eglot from ELPA: load this file in your init file.

(require 'eglot)

(define-derived-mode rosetta-spec-json-mode js-mode "Sampling request"
  "A sampling request in JSON, or one on each line.")

(define-derived-mode rosetta-spec-yaml-mode text-mode "Sampling request"
  "A sampling request in YAML."
  (setq-local comment-start "# "
              indent-tabs-mode nil))

(add-to-list 'auto-mode-alist
             '("\\.sampling\\.\\(json\\|jsonl\\|ndjson\\)\\'" . rosetta-spec-json-mode))
(add-to-list 'auto-mode-alist '("\\.sampling\\.ya?ml\\'" . rosetta-spec-yaml-mode))

(add-to-list 'eglot-server-programs
             '((rosetta-spec-json-mode :language-id "json") "rosetta-spec" "lsp"))
(add-to-list 'eglot-server-programs
             '((rosetta-spec-yaml-mode :language-id "yaml") "rosetta-spec" "lsp"))

(add-hook 'rosetta-spec-json-mode-hook #'eglot-ensure)
(add-hook 'rosetta-spec-yaml-mode-hook #'eglot-ensure)

(provide 'rosetta-spec)
;;; rosetta-spec.el ends here
