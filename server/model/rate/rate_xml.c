// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/rate/rate_xml.h"

#include "base/mem.h"

#include <expat.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

struct reader {
    XML_Parser parser;
    struct rate_list *list;
    const char *base;
    char day[40];
    enum err err;
    struct fault *fault;
};

static void fail(struct reader *r, const char *sentence)
{
    size_t line = (size_t)XML_GetCurrentLineNumber(r->parser);
    r->err = fault_set(r->fault, ERR_INVALID, "", "line %zu: %s", line, sentence);
    XML_StopParser(r->parser, XML_FALSE);
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

static void on_element(void *arg, const char *name, const char **attributes)
{
    struct reader *r = arg;
    const char *time = attribute(attributes, "time");
    const char *currency = attribute(attributes, "currency");
    const char *rate = attribute(attributes, "rate");
    struct fault fault;
    if (strcmp(name, "Cube") != 0)
        return;
    if (time)
        snprintf(r->day, sizeof(r->day), "%s", time);
    if (!currency || !rate)
        return;
    const struct rate_told told = {r->day, r->base, currency, rate,
                                   (size_t)XML_GetCurrentLineNumber(r->parser)};
    if (rates_add(r->list, &told, &fault))
        fail(r, fault.detail);
}

static void on_document_type(void *arg, const char *name, const char *system, const char *public,
                             int has_subset)
{
    (void)name, (void)system, (void)public, (void)has_subset;
    fail(arg, "a document type is not read");
}

enum err rate_xml_read(const char *text, size_t length, const char *base, struct rate_list *list,
                       struct fault *ret_fault)
{
    struct reader r = {.list = list, .base = base, .fault = ret_fault};
    if (length > INT_MAX)
        return fault_set(ret_fault, ERR_INVALID, "", "is too long");
    r.parser = XML_ParserCreate(NULL);
    if (!r.parser)
        mem_die("no memory for an XML parser");
    XML_SetUserData(r.parser, &r);
    XML_SetStartElementHandler(r.parser, on_element);
    XML_SetStartDoctypeDeclHandler(r.parser, on_document_type);
    if (XML_Parse(r.parser, text, (int)length, XML_TRUE) != XML_STATUS_OK && !r.err)
        fail(&r, XML_ErrorString(XML_GetErrorCode(r.parser)));
    XML_ParserFree(r.parser);
    return r.err;
}
