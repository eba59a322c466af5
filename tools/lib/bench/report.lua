-- SPDX-License-Identifier: GPL-3.0-or-later
-- One line of JSON when a run of wrk is over.
function done(summary, latency)
    local e = summary.errors
    print(string.format(
        '{"requests":%d,"seconds":%.6f,"p50_us":%d,"p99_us":%d,"errors":%d,"not_2xx":%d}',
        summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
        e.connect + e.read + e.write + e.timeout, e.status))
end
