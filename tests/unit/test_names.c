#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "publication/names.h"
#include "unit/scratch.h"

#define SERVICES "port,protocol,name,use\n"
#define IANA_HEADER                                                                          \
    "Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,Registration " \
    "Date,Modification Date,"                                                                \
    "Reference,Service Code,Unauthorized Use Reported,Assignment Notes\r\n"

static void assert_label(const struct service_names *names, const char *language, const char *key,
                         const char *expected)
{
    GString *out = g_string_new("");
    service_names_label_append(names, language, key, out);
    assert_string_equal(out->str, expected);
    g_string_free(out, TRUE);
}

static void load(struct scratch *scratch, const char *services, const char *iana, struct warning_log *log,
                 struct service_names *names)
{
    struct error err = {0};
    const char *services_path = scratch_write(scratch, "services.csv", services);
    const char *iana_path = iana != NULL ? scratch_write(scratch, "iana.csv", iana) : NULL;
    if (service_names_load(names, services_path, iana_path, log, &err) != 0)
        fail_msg("%s", err.message);
}

static void display_first_then_iana(void **state)
{
    struct service_names names;
    struct warning_log log;
    warning_log_init(&log);
    load(*state,
         SERVICES "23,TCP,Telnet,遠隔操作\n"
                  "80,tcp,http,Web\n"
                  "8080,TCP,,Web\n"
                  "8,ICMP,Echo Request,\n",
         IANA_HEADER "telnet,23,tcp,Telnet,,,,,,,,\r\n"
                     "ssh,22,tcp,\"The Secure Shell, SSH\",,,,,,,,\r\n"
                     "ssh,22,udp,,,,,,,,,\r\n"
                     "www,80,tcp,,,,,,,,,\r\n"
                     "http-alt,8080,tcp,,,,,,,,,\r\n"
                     "https,443,tcp,,,,,,,,,\r\n"
                     "second,443,tcp,,,,,,,,,\r\n",
         &log, &names);
    assert_string_equal(service_names_name(&names, "ja", "23/TCP"), "Telnet");
    assert_string_equal(service_names_use(&names, "ja", "80/TCP"), "Web");
    assert_string_equal(service_names_use(&names, "ja", "8080/TCP"), "Web");
    assert_string_equal(service_names_use(&names, "ja", "22/TCP"), "");
    assert_string_equal(service_names_name(&names, "ja", "8080/TCP"), "");
    assert_label(&names, "ja", "23/TCP", "Telnet(23/TCP)");
    assert_label(&names, "ja", "80/TCP", "http(80/TCP)");
    assert_label(&names, "ja", "8080/TCP", "8080/TCP"); /* told to stay bare */
    assert_label(&names, "en", "22/TCP", "ssh (22/TCP)");
    assert_label(&names, "en", "22/UDP", "ssh (22/UDP)");
    assert_label(&names, "en", "443/TCP", "https (443/TCP)"); /* the first name */
    assert_label(&names, "en", "23/UDP", "23/UDP");
    assert_label(&names, "ja", "8728/TCP", "8728/TCP");
    assert_label(&names, "ja", "8/ICMP", "Echo Request(8/ICMP)");
    assert_label(&names, "ja", "0/ICMP", "0/ICMP");
    assert_label(&names, "ja", "ICMP", "ICMP");
    assert_label(&names, "ja", "128/ICMPv6", "128/ICMPv6");
    assert_label(&names, "ja", "47/IP", "IPプロトコル47");
    assert_label(&names, "en", "47/IP", "IP protocol 47");
    assert_int_equal(log.count, 0);
    service_names_release(&names);
    warning_log_release(&log);
}

static void iana_oddities(void **state)
{
    struct service_names names;
    struct warning_log log;
    warning_log_init(&log);
    load(*state, SERVICES,
         IANA_HEADER ",0,tcp,Reserved,,,,,,,,\r\n"                                /* no name */
                     "tell,754,tcp,send,,,,,,,,\"line one\nline two\nthree\"\r\n" /* line feeds in quotes */
                     "range,225-227,udp,,,,,,,,,\r\n"
                     "within,226,udp,,,,,,,,,\r\n" /* the range named it first */
                     "dns-sd,,tcp,,,,,,,,,\r\n"    /* no port */
                     "noproto,900,,,,,,,,,,\r\n"   /* no protocol */
                     "sctpname,901,sctp,,,,,,,,,\r\n"
                     "dccpname,902,dccp,,,,,,,,,\r\n",
         &log, &names);
    assert_string_equal(service_names_name(&names, "ja", "0/TCP"), "");
    assert_string_equal(service_names_name(&names, "ja", "754/TCP"), "tell");
    assert_string_equal(service_names_name(&names, "ja", "224/UDP"), "");
    assert_string_equal(service_names_name(&names, "ja", "225/UDP"), "range");
    assert_string_equal(service_names_name(&names, "ja", "226/UDP"), "range");
    assert_string_equal(service_names_name(&names, "ja", "227/UDP"), "range");
    assert_string_equal(service_names_name(&names, "ja", "228/UDP"), "");
    assert_string_equal(service_names_name(&names, "ja", "900/TCP"), "");
    assert_string_equal(service_names_name(&names, "ja", "901/SCTP"), "sctpname");
    assert_string_equal(service_names_name(&names, "ja", "902/DCCP"), "dccpname");
    assert_int_equal(log.count, 0);
    service_names_release(&names);
    warning_log_release(&log);
}

static void uses_have_a_language(void **state)
{
    struct service_names names;
    struct warning_log log;
    warning_log_init(&log);
    load(*state, "use_en,port,protocol,name,use\nremote control,23,TCP,Telnet,遠隔操作\n", IANA_HEADER, &log,
         &names);
    assert_string_equal(service_names_use(&names, "ja", "23/TCP"), "遠隔操作");
    assert_string_equal(service_names_use(&names, "en", "23/TCP"), "remote control");
    assert_string_equal(service_names_use(&names, "en", "80/TCP"), "");
    service_names_release(&names);
    warning_log_release(&log);
}

/* Columns are found by name: another order, a renamed one that does not matter, one more. */
static void iana_by_header(void **state)
{
    struct service_names names;
    load(*state, SERVICES,
         "Port Number,Known Unauthorized Uses,Transport Protocol,New,Service Name\n"
         "7547,x,tcp,y,cwmp\n",
         NULL, &names);
    assert_string_equal(service_names_name(&names, "ja", "7547/TCP"), "cwmp");
    service_names_release(&names);
}

static void iana_missing_column(void **state)
{
    struct service_names names;
    struct error err = {0};
    const char *services = scratch_write(*state, "services.csv", SERVICES);
    const char *iana = scratch_write(*state, "iana.csv", "Service Name,Port,Transport Protocol\n");
    assert_int_equal(service_names_load(&names, services, iana, NULL, &err), -1);
    char *expected = scratch_message(
        iana, ": line 1: column \"Port Number\" is missing, expected IANA's service-names-port-numbers.csv");
    assert_string_equal(err.message, expected);
    g_free(expected);
    assert_null(names.display);
}

/* Malformed rows are counted with their lines, and the others still serve. */
static void iana_malformed_rows(void **state)
{
    struct service_names names;
    struct warning_log log;
    warning_log_init(&log);
    load(*state, SERVICES,
         "Service Name,Port Number,Transport Protocol\n"
         "a,70000,tcp\n"
         "b,20-10,tcp\n"
         "c,30,carrier-pigeon\n"
         "d,40\n"
         "\"e\nf\",50,tcp\n"
         "good,60,tcp\n",
         &log, &names);
    assert_string_equal(service_names_name(&names, "ja", "60/TCP"), "good");
    assert_string_equal(service_names_name(&names, "ja", "20/TCP"), "");
    assert_string_equal(service_names_name(&names, "ja", "50/TCP"), "");
    assert_int_equal(log.count, 5);
    const char *rest[] = {
        ": line 2: port number \"70000\" is not valid, expected N or N-M up to 65535",
        ": line 3: port number \"20-10\" is not valid, expected N or N-M up to 65535",
        ": line 4: transport protocol \"carrier-pigeon\" is unknown, expected tcp, udp, sctp or dccp",
        ": line 5: 2 fields, expected 3",
        ": line 6: the service name is not printable, expected letters, digits and -",
    };
    for (size_t i = 0; i < 5; i++) {
        char *expected = g_strdup_printf("names: %s%s", scratch_path(*state, "iana.csv"), rest[i]);
        assert_string_equal(log.messages->pdata[i], expected);
        g_free(expected);
    }
    service_names_release(&names);
    warning_log_release(&log);
}

static void bad_services(void **state)
{
    static const struct {
        const char *text;
        const char *rest;
    } cases[] = {
        {SERVICES "23,TCP,Telnet,\n23,tcp,telnet,\n",
         ": line 3: 23/TCP is listed a second time, expected it once"},
        {SERVICES "65536,TCP,x,\n", ": line 2: port \"65536\" is not valid, expected 0 to 65535 for TCP"},
        {SERVICES "256,ICMP,x,\n", ": line 2: port \"256\" is not valid, expected 0 to 255 for ICMP"},
        {SERVICES "telnet,TCP,x,\n", ": line 2: port \"telnet\" is not valid, expected 0 to 65535 for TCP"},
        {SERVICES "23,GRE,x,\n", ": line 2: protocol \"GRE\" is unknown, expected one of TCP, UDP, SCTP, "
                                 "DCCP, UDPLite, ICMP, ICMPv6"},
        {SERVICES "23,TCP,x\n", ": line 2: 3 fields, expected 4"},
        {SERVICES "23,TCP,\"a\nb\",x\n",
         ": line 2: name holds a control character, expected plain text on one line"},
        {"port,protocol,name\n",
         ": line 1: column \"use\" is missing, expected port,protocol,name,use,[use_en],[name_en]"},
        {"port,protocol,name,use,note\n",
         ": line 1: unknown column \"note\", expected port,protocol,name,use,[use_en],[name_en]"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct service_names names;
        struct error err = {0};
        const char *path = scratch_write(*state, "services.csv", cases[i].text);
        assert_int_equal(service_names_load(&names, path, NULL, NULL, &err), -1);
        assert_int_equal(err.kind, ERROR_INPUT);
        char *expected = scratch_message(path, cases[i].rest);
        assert_string_equal(err.message, expected);
        g_free(expected);
    }
}

static void regions(void **state)
{
    struct region_names names;
    struct error err = {0};
    const char *path =
        scratch_write(*state, "regions.csv", "code,ja,en\nUS,米国,United States\nTW,台湾,Taiwan\n");
    assert_int_equal(region_names_load(&names, path, &err), 0);
    assert_string_equal(region_names_name(&names, "ja", "US"), "米国");
    assert_string_equal(region_names_name(&names, "en", "TW"), "Taiwan");
    assert_string_equal(region_names_name(&names, "ja", "??"), "不明");
    assert_string_equal(region_names_name(&names, "en", "??"), "unknown");
    assert_null(region_names_name(&names, "ja", "BG"));
    assert_null(region_names_name(&names, "ja", "us"));
    region_names_release(&names);
}

static void bad_regions(void **state)
{
    static const struct {
        const char *text;
        const char *rest;
    } cases[] = {
        {"code,ja,en\nus,米国,United States\n",
         ": line 2: code \"us\" is not valid, expected two capital letters"},
        {"code,ja,en\nUSA,米国,United States\n",
         ": line 2: code \"USA\" is not valid, expected two capital letters"},
        {"code,ja,en\nUS,,United States\n",
         ": line 2: the Japanese (ja) name of US is empty, expected a name"},
        {"code,ja,en\nUS,米国,\n", ": line 2: the English (en) name of US is empty, expected a name"},
        {"code,ja,en\nUS,米国,US\nJP,日本,Japan\nUS,米国,US\n",
         ": line 4: code US is listed a second time, expected it once"},
        {"code,ja\nUS,米国\n", ": line 1: column \"en\" is missing, expected code,ja,en,[en_prose]"},
        {"code,ja,en\nUS,\xff,US\n", ": line 2: byte 0xff is not UTF-8, expected UTF-8 text"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct region_names names;
        struct error err = {0};
        const char *path = scratch_write(*state, "regions.csv", cases[i].text);
        assert_int_equal(region_names_load(&names, path, &err), -1);
        char *expected = scratch_message(path, cases[i].rest);
        assert_string_equal(err.message, expected);
        g_free(expected);
    }
}

/* The name in English, where there is one. */
static void names_in_english(void **state)
{
    struct service_names names;
    struct warning_log log;
    warning_log_init(&log);
    load(*state, "port,protocol,name,use,name_en\n8,ICMP,エコー要求,,Echo request\n22,TCP,ssh,,\n", NULL,
         &log, &names);
    assert_label(&names, "ja", "8/ICMP", "エコー要求(8/ICMP)");
    assert_label(&names, "en", "8/ICMP", "Echo request (8/ICMP)");
    assert_label(&names, "en", "22/TCP", "ssh (22/TCP)");
    service_names_release(&names);
    warning_log_release(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(display_first_then_iana, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(iana_oddities, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(uses_have_a_language, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(names_in_english, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(iana_by_header, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(iana_missing_column, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(iana_malformed_rows, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(bad_services, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(regions, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(bad_regions, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
