-- What somebody does in Neovim with a request: reads findings, asks, completes, and fixes.
-- What was seen is written to the file SEEN as JSON.

local seen = {}

local function wait_for(what, is_there)
  assert(vim.wait(60000, is_there, 20), "no " .. what .. ": " .. vim.inspect(seen))
end

local function findings()
  return vim.tbl_map(function(each)
    local related = each.user_data.lsp.relatedInformation or {}
    return {
      code = each.code,
      row = each.lnum + 1,
      column = each.col + 1,
      message = each.message,
      related = vim.tbl_map(function(place) return place.location.range.start.line + 1 end, related),
    }
  end, vim.diagnostic.get(0))
end

local function ask(method, row, column)
  vim.api.nvim_win_set_cursor(0, { row, column })
  local client = vim.lsp.get_clients({ bufnr = 0 })[1]
  local parameters = vim.lsp.util.make_position_params(0, client.offset_encoding)
  return assert(client:request_sync("textDocument/" .. method, parameters, 60000, 0)).result
end

local function apply(title)
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action) return action.title == title end,
  })
end

local function has(code)
  return vim.iter(vim.diagnostic.get(0)):any(function(each) return each.code == code end)
end

local function ask_everything()
  seen.hover = ask("hover", 3, 2).contents.value
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { "sampleT" })
  local items = ask("completion", 5, 7)
  seen.labels = vim.tbl_map(function(each) return each.label end, items.items or items)
  vim.api.nvim_buf_set_lines(0, -2, -1, false, {})
end

local function fix_everything()
  vim.api.nvim_win_set_cursor(0, { 4, 20 })
  apply("remove the quotes")
  wait_for("fix", function() return not has("RS103") end)
  vim.api.nvim_win_set_cursor(0, { 4, 2 })
  apply("keep samplingRatio")
  wait_for("end of findings", function() return #vim.diagnostic.get(0) == 0 end)
end

-- Keys that are typed are read between the steps.  Each is an action, and what tells that it is done.
local function in_turn(steps, finish)
  local step, started = table.remove(steps, 1), vim.uv.now()
  if not step then return finish() end
  step[1]()
  local function look()
    if step[2]() then return in_turn(steps, finish) end
    if vim.uv.now() - started > 20000 then return finish("no " .. step[3]) end
    vim.defer_fn(look, 20)
  end
  look()
end

local function press(keys) return function() vim.api.nvim_feedkeys(vim.keycode(keys), "n", false) end end

local function choose(word)
  for index, item in ipairs(vim.fn.complete_info({ "items" }).items) do
    if item.word == word then vim.api.nvim_select_popupmenu_item(index - 1, true, true, {}) end
  end
end

local function text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n") end

local function write_a_mode(finish)
  in_turn({
    { press("Gointer"), function() return text():find("inter\n?$") end, "typing" },
    { press("<C-x><C-o>"), function() return vim.fn.pumvisible() == 1 end, "completion" },
    { function() choose("interceptionMode: 5") end, function() return text():find("end:") end, "snippet" },
  }, finish)
end

local function finish(problem)
  seen.text, seen.problem = text(), problem
  vim.fn.writefile({ vim.json.encode(seen) }, vim.env.SEEN)
  vim.cmd("quitall!")
end

local is_fine, problem = pcall(function()
  vim.cmd.edit(vim.env.REQUEST)
  if vim.env.TEXT then vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(vim.env.TEXT, "\n")) end
  wait_for("finding", function() return #vim.diagnostic.get(0) > 0 end)
  seen.findings = findings()
  if vim.env.TASK == "ask" then ask_everything() end
  if vim.env.TASK == "fix" then fix_everything() end
  if vim.env.TASK == "save" then vim.cmd("write") end
end)
if is_fine and vim.env.TASK == "write" then
  write_a_mode(finish)
else
  finish(not is_fine and problem or nil)
end
