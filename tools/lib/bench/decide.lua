-- SPDX-License-Identifier: GPL-3.0-or-later
-- decide requests of a thousand visitors, made beforehand. Argument: a key.
require("report")

local requests, at = {}, 0
local countries = {"DE", "FR", "US", "GB", "JP"}
local devices = {"mobile", "tablet", "desktop"}

function init(args)
    wrk.method = "POST"
    wrk.headers["Authorization"] = "Bearer " .. args[1]
    wrk.headers["Content-Type"] = "application/json"
    for i = 1, 1000 do
        requests[i] = wrk.format(nil, "/v1/decide", nil, string.format(
            '{"visitor_id":"visitor-%d","attributes":{"country":"%s","device":"%s","age":%d,"visits":%d}}',
            i, countries[i % 5 + 1], devices[i % 3 + 1], 18 + i % 60, i % 40))
    end
end

function request()
    at = at % 1000 + 1
    return requests[at]
end
