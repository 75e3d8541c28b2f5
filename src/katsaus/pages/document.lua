-- From a page's cells to HTML and Typst; run for each request by serve.lua.
--
-- Reads JSON: {cells: [{cell, markdown} | {cell, slot}], references: {label: text}, callouts: {kind: text}}.
-- Returns JSON: {html, typst, contents: [{level, id, text}], problems: [{cell, what, todo}]}.
-- A slot (figure, table, headline) is left as a marker that Python fills in. Whatever this dialect does not know is
-- reported with its cell, never dropped.

local READER = "markdown-implicit_figures-example_lists"
local LANGUAGES = {fi = true, sv = true, en = true}
local CALLOUTS = {note = true, important = true, warning = true, tip = true, caution = true}

local input = pandoc.json.decode(request, false)
local problems, contents, ids = pandoc.List(), pandoc.List(), {}
local cell, level = 0, 1

local function refuse(what, todo)
  problems:insert({cell = cell, what = what, todo = todo})
end

local function unique(id)
  local base, count = id ~= "" and id or "section", 2
  id = base
  while ids[id] do
    id, count = base .. "-" .. count, count + 1
  end
  ids[id] = true
  return id
end

local function check_attributes(element, kind, allowed)
  for _, class in ipairs(element.classes) do
    refuse(kind .. " of class ." .. class .. " is not supported", "write it without the class")
  end
  for name, value in pairs(element.attributes) do
    if not (allowed and allowed[name] and allowed[name][value]) then
      refuse(kind .. " with " .. name .. "= is not supported", "write it without the attribute")
    end
  end
end

local function raw(element)
  local text = element.text:gsub("%s+", " "):sub(1, 40)
  refuse("raw " .. element.format .. " is not supported: " .. text, "write it in Markdown")
end

local safe_schemes = { https = true, http = true, mailto = true }

-- Refuses what the dialect lacks; leaves the rest as it is.
local checks = {
  RawBlock = raw,
  RawInline = raw,
  Math = function() refuse("mathematics is not supported", "write \\$ for a dollar sign") end,
  Image = function(image)
    refuse("the image " .. image.src .. " is not supported", "show figures by review.chart")
  end,
  Span = function(span)
    check_attributes(span, "a span", {lang = LANGUAGES})
  end,
  Link = function(link)
    link.classes = link.classes:filter(function(class) return class ~= "uri" and class ~= "email" end)
    check_attributes(link, "a link")
    local target = link.target:gsub("[%c%s]", ""):lower()
    local scheme = target:match("^([%a][%w+.-]*):")
    if target:sub(1, 2) == "//" or (scheme and not safe_schemes[scheme]) then
      refuse("the link " .. link.target .. " leads out of the web", "link by https, by mailto or within the site")
    end
  end,
  Code = function(code)
    if code.text:find("^{%a+}") then
      refuse("code to be run is left in the text: " .. code.text:sub(1, 40), "write inline values as `{python} value`")
    end
    check_attributes(code, "code")
  end,
  CodeBlock = function(block) check_attributes(block, "a code block") end,
  Str = function(str)
    if str.text:find("{{<", 1, true) or str.text:find("{{%", 1, true) then
      refuse("shortcodes are not supported: " .. str.text, "write the text itself")
    elseif str.text:find("[^", 1, true) then
      refuse("the footnote " .. str.text:match("%[%^.*") .. " has no text in its cell", "write it in the same cell")
    elseif str.text:find("^:::+") then
      refuse("a block between ::: is not closed or not opened", "count the lines of :::")
    end
  end,
  Cite = function(cite)
    for _, citation in ipairs(cite.citations) do
      if not input.references[citation.id] then
        refuse("the reference @" .. citation.id .. " leads to no figure or table", "use the label of a figure on this page")
      end
    end
  end,
  Header = function(header)
    check_attributes(header, "a heading")
  end,
  Div = function(div)
    local class = div.classes[1] or ""
    local kind = class:match("^callout%-(%w+)$")
    if class:find("^callout") and not CALLOUTS[kind or ""] then
      refuse("the callout ." .. class .. " is unknown", "use note, tip, important, caution or warning")
    elseif not kind or #div.classes > 1 then
      refuse("a block of class ." .. (div.classes[kind and 2 or 1] or "(none)") .. " is not supported",
        "use a callout, or write it without :::")
    end
    for name in pairs(div.attributes) do
      if name ~= "title" then
        refuse("a callout with " .. name .. "= is not supported", "write it without the attribute")
      end
    end
  end,
}

-- Callouts become {kind, title, body} before headings are counted: their heading is a title, not a section.
local function callout(div)
  local kind = div.classes[1]:match("^callout%-(%w+)$")
  local body, title = div.content:clone(), nil
  if body[1] and body[1].t == "Header" then
    title = body:remove(1).content
  elseif div.attributes.title then
    title = pandoc.Inlines(div.attributes.title)
  else
    title = pandoc.Inlines(input.callouts[kind])
  end
  return pandoc.Div({pandoc.Div({pandoc.Plain(title)}, {class = "callout-title"}), table.unpack(body)},
    {class = "callout callout-" .. kind, role = "note"})
end

local function heading(header)
  if header.level == 1 then
    refuse("a heading of level 1 is not supported", "begin with ##: the title comes from review.front")
  elseif header.level > level + 1 then
    refuse("a heading skips a level: " .. pandoc.utils.stringify(header), "use one # fewer")
  end
  level = header.level
  header.identifier = unique(header.identifier)
  contents:insert({level = header.level, id = header.identifier, text = pandoc.utils.stringify(header)})
  return header
end

-- What both formats share: quotation marks of Finnish and Swedish, no column widths (they would be inline styles).
local shared = {
  Quoted = function(quoted)
    local mark = quoted.quotetype == "DoubleQuote" and "”" or "’"
    return {pandoc.Str(mark), table.unpack(quoted.content .. {pandoc.Str(mark)})}
  end,
  Table = function(tbl)
    tbl.colspecs = tbl.colspecs:map(function(spec) return {spec[1], nil} end)
    return tbl
  end,
}

local function read(text)
  local warnings, document = pandoc.log.silence(pandoc.read, text, READER)
  for _, warning in ipairs(warnings) do
    local said = pandoc.json.decode(pandoc.json.encode(warning), false)
    if said.verbosity == "WARNING" then
      refuse("the Markdown is not whole: " .. said.pretty, "mend the cell")
    end
  end
  document:walk(checks)
  if #problems > 0 then
    return pandoc.Blocks({})
  end
  return document.blocks:walk({Div = callout}):walk(shared):walk({Header = heading})
end

local function relative(target)
  return not target:find("^%a[%w+.-]*:")
end

local function reference(cite, link)
  local parts = pandoc.Inlines({})
  for position, citation in ipairs(cite.citations) do
    if position > 1 then
      parts:insert(pandoc.Str(", "))
    end
    parts:insert(link(citation.id, input.references[citation.id]))
  end
  return parts
end

local html = {
  Cite = function(cite)
    return reference(cite, function(id, text) return pandoc.Link(text, "#" .. id) end)
  end,
  Table = function(tbl)
    local open = '<div class="scroll" tabindex="0" role="region" aria-label="' .. input.table_label .. '">'
    return {pandoc.RawBlock("html", open), tbl, pandoc.RawBlock("html", "</div>")}
  end,
}

local typst = {
  traverse = "topdown",
  Cite = function(cite)
    return reference(cite, function(id, text)
      return pandoc.RawInline("typst", "#link(<" .. id .. ">)[" .. text .. "]")
    end)
  end,
  Link = function(link)
    return relative(link.target) and link.content or nil
  end,
  Div = function(div)
    if not div.classes:includes("callout") then
      return nil
    end
    local body = div.content:clone()
    local title = body:remove(1)
    return {pandoc.RawBlock("typst", "#callout["), pandoc.Plain(title.content[1].content),
      pandoc.RawBlock("typst", "]["), table.unpack(body .. {pandoc.RawBlock("typst", "]")})}
  end,
}

local blocks = pandoc.Blocks({})
for _, item in ipairs(input.cells) do
  cell = item.cell
  if item.slot then
    blocks:insert(pandoc.Div({}, {class = "slot", slot = item.slot}))
    ids[item.slot] = true
  else
    blocks:extend(read(item.markdown))
  end
end

local function written(filter, format, marker)
  local filled = blocks:walk({Div = function(div)
    local slot = div.attributes.slot
    return slot and pandoc.RawBlock(format, marker:format(slot)) or nil
  end})
  return pandoc.write(pandoc.Pandoc(filled:walk(filter)), format, {wrap_text = "none"})
end

local result = {problems = problems, contents = contents, html = "", typst = ""}
if #problems == 0 then
  result.html = written(html, "html", "<!--slot %s-->")
  result.typst = written(typst, "typst", "/*slot %s*/")
end
return pandoc.json.encode(result)
