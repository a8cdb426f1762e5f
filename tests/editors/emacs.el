;;; emacs.el --- What somebody does in Emacs with a request  -*- lexical-binding: t -*-

;; Reads findings, asks, completes, and fixes.  What was seen is written to the file SEEN as JSON.

(require 'cl-lib)
(require 'json)
(require 'package)
(package-initialize)

(defvar seen nil "What was seen, by its name.")

(defun see (name value)
  "Keep VALUE under NAME."
  (push (cons name value) seen))

(defun wait-for (what is-there)
  "Wait until the function IS-THERE says that WHAT is there."
  (let ((end (+ (float-time) 60)))
    (while (not (funcall is-there))
      (when (> (float-time) end)
        (error "No %s: %S" what (mapcar #'flymake-diagnostic-text (flymake-diagnostics))))
      (accept-process-output nil 0.05))))

(defun has (code)
  "Whether a finding of the rule CODE is shown."
  (cl-some (lambda (each) (string-match-p code (flymake-diagnostic-text each)))
           (flymake-diagnostics)))

(defun findings ()
  "List the findings."
  (mapcar (lambda (each)
            `((message . ,(substring-no-properties (flymake-diagnostic-text each)))
              (row . ,(line-number-at-pos (flymake-diagnostic-beg each)))
              (related . ,(related each))))
          (flymake-diagnostics)))

(defun related (diagnostic)
  "List the rows of the places that DIAGNOSTIC is related to."
  (let ((whole (alist-get 'eglot-lsp-diag (flymake-diagnostic-data diagnostic))))
    (vconcat (mapcar (lambda (place)
                       (let ((range (plist-get (plist-get place :location) :range)))
                         (1+ (plist-get (plist-get range :start) :line))))
                     (plist-get whole :relatedInformation)))))

(defun go-to (row column)
  "Move to ROW and COLUMN."
  (goto-char (point-min))
  (forward-line (1- row))
  (forward-char column))

(defun apply-action (title)
  "Choose the code action TITLE at point."
  (cl-letf (((symbol-function 'completing-read) (lambda (&rest _) title))
            (last-nonmenu-event ?x))
    (eglot-code-actions (point) (point) nil t)))

(defun ask-everything ()
  "Ask what a key means, and which there are."
  (go-to 3 2)
  (let ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover
                                (eglot--TextDocumentPositionParams))))
    (see 'hover (plist-get (plist-get hover :contents) :value)))
  (goto-char (point-max))
  (insert "sampleT")
  (let ((completion (eglot-completion-at-point)))
    (see 'labels (vconcat (mapcar #'substring-no-properties
                                  (all-completions "sampleT" (nth 2 completion))))))
  (completion-at-point)
  (see 'text (buffer-substring-no-properties (point-min) (point-max))))

(defun fix-everything ()
  "Apply fixes until nothing is left."
  (go-to 4 20)
  (apply-action "remove the quotes")
  (eglot--signal-textDocument/didChange)
  (wait-for "fix" (lambda () (not (has "RS103"))))
  (go-to 4 2)
  (apply-action "keep samplingRatio")
  (eglot--signal-textDocument/didChange)
  (wait-for "end of findings" (lambda () (not (flymake-diagnostics))))
  (see 'text (buffer-substring-no-properties (point-min) (point-max))))

(defun run ()
  "Open the request, and do the task."
  (find-file (getenv "REQUEST"))
  (insert (getenv "TEXT"))
  ;; `eglot-ensure' waits for a command to end, and without a terminal there is none.
  (run-hooks 'post-command-hook)
  (wait-for "server" #'eglot-current-server)
  (flymake-start)
  (wait-for "finding" #'flymake-diagnostics)
  (see 'findings (vconcat (findings)))
  (pcase (getenv "TASK")
    ("ask" (ask-everything))
    ("fix" (fix-everything))))

(load (getenv "EXAMPLE"))
(condition-case problem
    (run)
  (error (see 'problem (format "%S" problem))))
(let ((text (json-encode seen)))
  (with-temp-file (getenv "SEEN") (insert text)))
(kill-emacs 0)
;;; emacs.el ends here
