// SPDX-License-Identifier: GPL-3.0-or-later
/* `mete stats` as a process: what it prints, what it refuses, with which exit status. Argument: the
 * program. */
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char *program;

struct answer {
    int status;
    char out[65536], err[4096];
};

static void read_file(FILE *file, char *to, size_t size)
{
    rewind(file);
    size_t got = fread(to, 1, size - 1, file);
    to[got] = '\0';
    fclose(file);
}

/* Runs the verb on `input`; files, not pipes, so that nothing can wait for the other side. */
static struct answer *ask(const char *method, const char *input)
{
    static struct answer answer;
    FILE *in = tmpfile(), *out = tmpfile(), *err = tmpfile();
    fwrite(input, 1, strlen(input), in);
    rewind(in);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fileno(in), STDIN_FILENO);
        dup2(fileno(out), STDOUT_FILENO);
        dup2(fileno(err), STDERR_FILENO);
        execl(program, program, "stats", method, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    waitpid(pid, &status, 0);
    answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    fclose(in);
    read_file(out, answer.out, sizeof(answer.out));
    read_file(err, answer.err, sizeof(answer.err));
    return &answer;
}

static double field(const json_t *object, const char *name)
{
    return json_number_value(json_object_get(object, name));
}

static void answers_one_object(void **state)
{
    (void)state;
    struct answer *a = ask("srm_chi2", "{\"observed\":[1020,980],\"weights\":[1,1]}");
    assert_int_equal(a->status, 0);
    json_t *got = json_loads(a->out, 0, NULL);
    assert_true(fabs(field(got, "chi2") - 0.8) < 1e-12);
    assert_string_equal(json_string_value(json_object_get(got, "status")), "ok");
    json_decref(got);
}

static void answers_a_list_and_lines(void **state)
{
    (void)state;
    const char *one = "{\"x\":3,\"n\":10}", *two = "{\"x\":4,\"n\":10}";
    char text[256];
    snprintf(text, sizeof(text), "[%s,%s]", one, two);
    struct answer *a = ask("prop_single", text);
    assert_int_equal(a->status, 0);
    json_t *list = json_loads(a->out, 0, NULL);
    assert_int_equal(json_array_size(list), 2);
    assert_true(field(json_array_get(list, 1), "p") == 0.4);
    json_decref(list);
    snprintf(text, sizeof(text), "%s\n%s\n", one, two);
    a = ask("prop_single", text);
    assert_int_equal(a->status, 0);
    char *second = strchr(a->out, '\n') + 1;
    json_t *line = json_loads(second, 0, NULL);
    assert_true(field(line, "p") == 0.4);
    json_decref(line);
}

static void prints_limits_without_end(void **state)
{
    (void)state;
    struct answer *a = ask("prop_relative", "{\"x1\":0,\"n1\":50,\"x2\":5,\"n2\":50}");
    json_t *got = json_loads(a->out, 0, NULL);
    const json_t *interval = json_object_get(got, "ci_mn");
    assert_string_equal(json_string_value(json_array_get(interval, 1)), "Infinity");
    assert_true(json_is_null(json_object_get(got, "uplift")));
    assert_string_equal(json_string_value(json_object_get(got, "status")), "baseline_zero");
    json_decref(got);
}

/* Method, input, and a field with its value: the calculator's further methods. */
static const struct {
    const char *method, *input, *name;
    double value;
} further[] = {
    {"trend", "{\"day\":[1,2,3],\"est\":[5,3,1],\"se\":[1,1,1]}", "slope", -2},
    {"interaction", "{\"n\":[9,9,9,9],\"mean\":[1,2,4,9],\"se\":[1,1,1,1]}", "diff", 4},
    {"prop_scas", "{\"x1\":5,\"n1\":56,\"x2\":0,\"n2\":29}", "diff", -5. / 56},
    {"closed", "{\"p\":[0.01],\"local\":\"simes\"}", "adjusted", 0.01},
    {"stopped", "{\"t\":[1],\"spending\":\"obf\",\"look\":1,\"diff\":3,\"se\":1}",
     "median_unbiased", 3},
    {"moments", "{\"parts\":[[0.1234567890123,2.5],[3e-9]]}", "m2", 3.9710663989},
    {"comoments", "{\"parts\":[[[0.1234567890123,1],[2.5,2]],[[3e-9,4]]]}", "c2_xy", -0.9979423803},
    {"bootstrap", "{\"a\":[1,2,3,4,5],\"b\":[2,3,4,5,6]}", "diff", 1},
    {"adaptive",
     "{\"arrivals\":[12,15,10,14],\"probability1\":[0.4,0.2,0.1,0.25],\"n1\":[4,2,0,3],"
     "\"mean1\":[5,3.5,0,4.6666666667],\"sd1\":[2.1602468995,3.5355339059,0,2.5166114784],"
     "\"probability2\":[0.4,0.7,0.8,0.5],\"n2\":[5,8,7,6],\"mean2\":[5.6,6.5,6.8571428571,7],"
     "\"sd2\":[2.7018512172,2.4494897428,2.9113897846,3.3466401061]}",
     "diff", 1.8638769515575236},
};

static void answers_further_methods(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(further) / sizeof(further[0]); i++) {
        struct answer *a = ask(further[i].method, further[i].input);
        assert_int_equal(a->status, 0);
        json_t *got = json_loads(a->out, 0, NULL);
        const json_t *value = json_object_get(got, further[i].name);
        value = json_is_array(value) ? json_array_get(value, 0) : value;
        if (!(fabs(json_number_value(value) - further[i].value) < 1e-6))
            fail_msg("%s: %s", further[i].method, a->out);
        json_decref(got);
    }
}

static void help_tells_a_line_of_each_method(void **state)
{
    (void)state;
    char names[65536], *rest = names, *name;
    snprintf(names, sizeof(names), "%s", ask("--list", "")->out);
    const char *help = ask("--help", "")->out;
    size_t count = 0;
    while ((name = strsep(&rest, "\n")) && *name) {
        char row[128];
        snprintf(row, sizeof(row), "    %s ", name);
        const char *at = strstr(help, row);
        if (!at || strcspn(at, "\n") < 40)
            fail_msg("no line about %s", name);
        count++;
    }
    assert_true(count >= 40);
}

/* Method, input, and a word that the complaint must hold. */
static const char *const wrong[][3] = {
    {"no_such_method", "{}", "no_such_method"},
    {"prop_single", "{\"x\":3}", "/n"},
    {"prop_single", "{\"x\":3,\"n\":10,\"extra\":1}", "/extra"},
    {"prop_single", "{\"x\":\"3\",\"n\":10}", "/x"},
    {"prop_single", "{\"x\":-3,\"n\":10}", "/x"},
    {"prop_single", "{\"x\":2.5,\"n\":10}", "/x"},
    {"prop_single", "{\"x\":11,\"n\":10}", "prop_single"},
    {"prop_single", "{\"x\":3,\"n\":10,\"conf\":1}", "/conf"},
    {"prop_single", "{\"x\":NaN,\"n\":10}", "stats"},
    {"prop_single", "{\"x\":1e999,\"n\":10}", "stats"},
    {"prop_single", "{\"x\":null,\"n\":10}", "/x"},
    {"prop_single", "{\"x\":3,\"n\":10} {\"x\":3", "stats"},
    {"prop_single", "{\"x\":3,\"n\":10}\n{\"x\":3}\n", "line 2"},
    {"prop_single", "[{\"x\":3,\"n\":10},{\"x\":-1,\"n\":10}]", "/1/x"},
    {"prop_single", "{\"x\":3,\"n\":10}\n{\"x\":-3,\"n\":10}\n", "line 2: must be"},
    {"prop_single", "{\"x\":3,\"n\":10}\n{\"x\":-3,\"n\":10}\n", "/x"},
    {"prop_single", "{\"x\":1e300,\"n\":10}", "/x"},
    {"prop_single", "{\"x\":-1e400,\"n\":10}", "1e400"},
    {"prop_single", "{\"x\":Infinity,\"n\":10}", "column"},
    {"prop_single", "", "empty"},
    {"prop_single", " \n", "empty"},
    {"trend", "{\"day\":[1,2],\"est\":[1],\"se\":[1,1]}", "trend"},
    {"interaction", "{\"n\":[5,5],\"mean\":[1,1],\"se\":[1,1]}", "interaction"},
    {"stopped", "{\"t\":[0.5,1],\"spending\":\"obf\",\"look\":3,\"diff\":1,\"se\":1}", "stopped"},
    {"closed", "{\"p\":[2],\"local\":\"simes\"}", "closed"},
    {"bootstrap", "{\"a\":[1],\"b\":[2],\"replicates\":0}", "bootstrap"},
    {"adaptive",
     "{\"arrivals\":[9],\"probability1\":[0.5],\"n1\":[4],\"mean1\":[1],\"sd1\":[-1],"
     "\"probability2\":[0.5],\"n2\":[4],\"mean2\":[1],\"sd2\":[1]}",
     "adaptive"},
    {"prop_single", "7", "object"},
    {"welch_t", "{\"n1\":5,\"mean1\":1,\"var1\":-1,\"n2\":5,\"mean2\":1,\"var2\":1}", "/var1"},
    {"srm_chi2", "{\"observed\":[1,-2],\"weights\":[1,1]}", "srm_chi2"},
    {"srm_chi2", "{\"observed\":[1,2],\"weights\":[1,1,1]}", "srm_chi2"},
    {"srm_chi2", "{\"observed\":[1,[2]],\"weights\":[1,1]}", "/observed/1"},
    {"mann_whitney", "{\"a\":[\"1\",\"x\"],\"b\":[\"2\"]}", "/a/1"},
    {"multiplicity", "{\"p\":[0.5,1.5]}", "multiplicity"},
    {"alpha_spending", "{\"t\":[0.5,1],\"spending\":\"never\"}", "/spending"},
    {"alpha_spending", "{\"t\":[1,0.5],\"spending\":\"obf\"}", "alpha_spending"},
    {"beta_binomial", "{\"prior_a\":0,\"prior_b\":1,\"x1\":1,\"n1\":2,\"x2\":1,\"n2\":2}",
     "/prior_a"},
    {"cuped", "{\"a\":{\"n\":1},\"b\":{}}", "/a/"},
    {"moments", "{\"parts\":[[\"1\",null]]}", "/parts/0/1"},
    {"selection_adjusted", "{\"est\":0.1,\"se\":1}", "selection_adjusted"},
};

static void refuses_with_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct answer *a = ask(wrong[i][0], wrong[i][1]);
        if (a->status != 2 || !strstr(a->err, wrong[i][2]))
            fail_msg("%s %s: status %d, \"%s\"", wrong[i][0], wrong[i][1], a->status, a->err);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_one_object),
        cmocka_unit_test(answers_a_list_and_lines),
        cmocka_unit_test(prints_limits_without_end),
        cmocka_unit_test(refuses_with_a_sentence),
        cmocka_unit_test(answers_further_methods),
        cmocka_unit_test(help_tells_a_line_of_each_method),
    };
    if (argc != 2)
        return 2;
    program = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
