// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/verb/prove/verb_prove.h"

#define WIDTH  420
#define HEIGHT 150
#define BAR    20
#define TALL   100

/* Metric keys are [a-z0-9_-]: nothing in them needs escaping. */
static void draw(const json_t *metric, size_t nth, FILE *to)
{
    const json_t *p = json_object_get(metric, "p_values"), *bins = json_object_get(p, "bins");
    double total = 0, expected;
    size_t i;
    json_t *bin;
    json_array_foreach(bins, i, bin)
        total += json_number_value(bin);
    expected = total / (double)(json_array_size(bins) ? json_array_size(bins) : 1);
    fprintf(to, "<g transform=\"translate(10,%zu)\">\n<text y=\"14\">%s</text>\n", nth * HEIGHT,
            json_string_value(json_object_get(metric, "key")));
    json_array_foreach(bins, i, bin) {
        double tall = expected > 0 ? json_number_value(bin) / expected * TALL / 2 : 0;
        tall = tall > TALL ? TALL : tall;
        fprintf(to, "<rect x=\"%zu\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" fill=\"#4a7ebb\"/>\n",
                i * BAR, 20 + TALL - tall, BAR - 2, tall);
    }
    fprintf(to,
            "<line x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#c33\"/>\n"
            "<text y=\"%d\">0</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">1</text>\n</g>\n",
            20 * BAR, 20 + TALL / 2, 20 + TALL / 2, TALL + 34, 20 * BAR, TALL + 34);
}

void prove_draw(const json_t *report, FILE *to)
{
    const json_t *metrics = json_object_get(report, "metrics");
    size_t i;
    json_t *metric;
    fprintf(to,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%zu\" "
            "font-family=\"sans-serif\" font-size=\"12\">\n"
            "<title>p-values of tests without any difference; the line is what they should be"
            "</title>\n",
            WIDTH, json_array_size(metrics) * HEIGHT);
    json_array_foreach(metrics, i, metric)
        draw(metric, i, to);
    fputs("</svg>\n", to);
}
