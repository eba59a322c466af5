-- SPDX-License-Identifier: GPL-3.0-or-later
-- events requests with fresh UUIDv7 ids. Arguments: a key, events a request.
require("report")

local batch
local format, random, concat = string.format, math.random, table.concat

function init(args)
    wrk.method = "POST"
    wrk.headers["Authorization"] = "Bearer " .. args[1]
    wrk.headers["Content-Type"] = "application/json"
    batch = tonumber(args[2])
    math.randomseed(os.time() * 1000 + tonumber(tostring(wrk.thread):match("0x(%x+)"), 16) % 1000)
end

local function event(time_hex)
    return format('{"event_id":"%s-%04x-7%03x-8%03x-%06x%06x","visitor_id":"visitor-%d","name":"page_view",'
        .. '"properties":{"page":"/p/%d","referrer":"search"}}',
        time_hex, random(0, 0xffff), random(0, 0xfff), random(0, 0xfff), random(0, 0xffffff),
        random(0, 0xffffff), random(1, 100000), random(1, 500))
end

function request()
    local ms = os.time() * 1000
    local time_hex = format("%08x", math.floor(ms / 65536))
    local events = {}
    for i = 1, batch do
        events[i] = event(time_hex)
    end
    return wrk.format(nil, "/v1/events", nil, '{"events":[' .. concat(events, ",") .. "]}")
end
