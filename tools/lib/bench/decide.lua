-- SPDX-License-Identifier: GPL-3.0-or-later
-- decide requests, made beforehand. Arguments: a key, a file with a body on each line.
require("report")

local requests, at = {}, 0

function init(args)
    wrk.method = "POST"
    wrk.headers["Authorization"] = "Bearer " .. args[1]
    wrk.headers["Content-Type"] = "application/json"
    for body in io.lines(args[2]) do
        requests[#requests + 1] = wrk.format(nil, "/v1/decide", nil, body)
    end
end

function request()
    at = at % #requests + 1
    return requests[at]
end
