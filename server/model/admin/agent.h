// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a person recognises a session by: browser and system, of a User-Agent header. No more of the
 * header is kept.
 */
#pragma once

#define AGENT_SIZE 32

/* "Firefox, Windows", "curl", or "" when nothing is known; NULL has nothing to say. */
void agent_describe(const char *user_agent, char ret_text[AGENT_SIZE]);
