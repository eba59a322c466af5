// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Prints web-ui/generated/results.d.ts: the results document's types, from the table that writes
 * the document. tools/types/write.sh keeps the file, a shape test holds both equal.
 */
#include "results/say/results_shape.h"
#include "results/say/split.h"

#include <stdio.h>

int main(void)
{
    auto_buf struct buf out = {0};
    buf_add_str(&out, "// SPDX-License-Identifier: GPL-3.0-or-later\n"
                      "// The results document. Written by tools/types/write.sh, not by hand.\n");
    shape_declare(&results_shape, &out);
    shape_declare(&split_shape, &out);
    shape_declare(&results_findings_shape, &out);
    return fwrite(out.data, 1, out.length, stdout) == out.length ? 0 : 1;
}
