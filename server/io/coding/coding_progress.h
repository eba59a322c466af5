// SPDX-License-Identifier: GPL-3.0-or-later
/* How far the unpacking of a body has come. */
#pragma once

enum coding_progress {
    CODING_MORE,  /* there is more to write */
    CODING_DONE,  /* all is written, and nothing is left to read */
    CODING_LARGE, /* it would take more memory than a body may */
    CODING_BAD
};
