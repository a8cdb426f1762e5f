-- Neovim 0.11 or newer: put this file into ~/.config/nvim/plugin/.

vim.lsp.config("rosetta_spec", {
  cmd = { "rosetta-spec", "lsp" },
  filetypes = { "json", "jsonl", "yaml" },
  -- Only sampling requests, and not every JSON or YAML file.
  root_dir = function(buffer, start)
    local file = vim.api.nvim_buf_get_name(buffer)
    if file:match("%.sampling%.%a+$") then
      start(vim.fs.root(file, ".git") or vim.fs.dirname(file))
    end
  end,
  -- Ctrl-X Ctrl-O completes keys together with what belongs to them.
  on_attach = function(client, buffer)
    vim.lsp.completion.enable(true, client.id, buffer)
  end,
})

vim.filetype.add({
  pattern = { [".*%.sampling%.jsonl"] = "jsonl", [".*%.sampling%.ndjson"] = "jsonl" },
})

vim.lsp.enable("rosetta_spec")
