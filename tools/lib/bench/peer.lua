-- SPDX-License-Identifier: GPL-3.0-or-later
-- Requests out of a file, in turn. Arguments: the Authorization header, the file; a line is a path, a tab,
-- and the body of a POST or nothing.
require("report")

local requests = {}
local turn = 0

function init(args)
    local headers = { ["Authorization"] = args[1], ["Content-Type"] = "application/json" }
    for line in io.lines(args[2]) do
        local path, body = line:match("([^\t]*)\t(.*)")
        local is_post = body ~= ""
        requests[#requests + 1] = wrk.format(is_post and "POST" or "GET", path, headers, is_post and body or nil)
    end
end

function request()
    turn = turn % #requests + 1
    return requests[turn]
end
