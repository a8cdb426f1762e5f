-- Neovim 0.11 or newer: save this file in ~/.config/nvim/plugin/.

-- Whether a file configures rosetta-spec.
local function is_configuration(name, folder)
  if name ~= "pyproject.toml" then return name:find("^%.?rosetta%-spec%.toml$") ~= nil end
  local lines = vim.fn.readfile(vim.fs.joinpath(folder, name))
  return vim.iter(lines):any(function(line) return vim.startswith(line, "[tool.rosetta-spec") end)
end

vim.lsp.config("rosetta_spec", {
  cmd = { "rosetta-spec", "lsp" },
  filetypes = { "json", "jsonl", "yaml", "toml" },
  -- Sampling requests, and all files of a folder with a configuration, which may include them. The
  -- server knows which of these are requests.
  root_dir = function(buffer, start)
    local file = vim.api.nvim_buf_get_name(buffer)
    local is_ours = file:find("%.sampling%.%a+$") or file:find("rosetta%-spec%.toml$")
    local may_be_ours = file ~= "" and vim.bo[buffer].filetype ~= "toml"
    if is_ours or (may_be_ours and vim.fs.root(file, is_configuration)) then
      start(vim.fs.root(file, ".git") or vim.fs.dirname(file))
    end
  end,
  -- Ctrl-X Ctrl-O completes keys, together with the keys that they need.
  on_attach = function(client, buffer)
    vim.lsp.completion.enable(true, client.id, buffer)
  end,
})

vim.filetype.add({
  pattern = { [".*%.sampling%.jsonl"] = "jsonl", [".*%.sampling%.ndjson"] = "jsonl" },
})

vim.lsp.enable("rosetta_spec")
