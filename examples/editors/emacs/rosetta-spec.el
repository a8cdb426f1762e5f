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

(defun rosetta-spec-configures-p (folder)
  "Whether FOLDER has a configuration of rosetta-spec."
  (or (seq-some (lambda (name) (file-exists-p (expand-file-name name folder)))
                '("rosetta-spec.toml" ".rosetta-spec.toml"))
      (let ((shared (expand-file-name "pyproject.toml" folder)))
        (and (file-readable-p shared)
             (with-temp-buffer
               (insert-file-contents shared)
               (re-search-forward "^\\[tool\\.rosetta-spec" nil t))))))

;; Sampling requests, and all files of a folder with a configuration, which may include them.  The
;; server knows which of these are requests.
(defun rosetta-spec-ensure ()
  "Start the server if this file may be a request."
  (when (or (string-match-p "\\.sampling\\.\\w+\\'" buffer-file-name)
            (and (string-match-p "\\.\\(jsonl?\\|ndjson\\|ya?ml\\)\\'\\|rosetta-spec\\.toml\\'"
                                 buffer-file-name)
                 (locate-dominating-file default-directory #'rosetta-spec-configures-p)))
    (setq-local eglot-server-programs `((,major-mode "rosetta-spec" "lsp")))
    (eglot-ensure)))

(add-hook 'find-file-hook #'rosetta-spec-ensure)

(provide 'rosetta-spec)
;;; rosetta-spec.el ends here
