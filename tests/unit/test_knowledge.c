/* What listens at ports, and what was listed about it: knowledge.csv, CISA's catalogue, MyJVN's lists; whole,
 * malformed, with duplicates, impossible dates and numbers that nobody knows. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "publication/knowledge.h"
#include "unit/scratch.h"

#define HEADER "port,protocol,listens,vulnerabilities,malware,references,since,listens_en,products\n"

struct world {
    struct scratch scratch;
    struct publication publication;
    struct edition edition;
    struct warning_log log;
    struct error err;
    struct knowledge knowledge;
};

static int setup(void **state)
{
    struct world *world = g_new0(struct world, 1);
    scratch_init(&world->scratch);
    warning_log_init(&world->log);
    world->publication.folder = world->scratch.folder;
    world->publication.knowledge_path = g_strdup("knowledge.csv");
    world->publication.knowledge_days = 90;
    assert_int_equal(edition_parse("2025q1", 4, &world->edition, &world->err), 0);
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    knowledge_release(&world->knowledge);
    g_free(world->publication.knowledge_path);
    g_free(world->publication.kev_path);
    g_free(world->publication.jvn_path);
    warning_log_release(&world->log);
    scratch_release(&world->scratch);
    g_free(world);
    return 0;
}

static void write_table(struct world *world, const char *rows)
{
    char *text = g_strconcat(HEADER, rows, NULL);
    scratch_write(&world->scratch, "knowledge.csv", text);
    g_free(text);
}

static int load(struct world *world)
{
    knowledge_release(&world->knowledge);
    return knowledge_load(&world->knowledge, &world->publication, &world->edition, &world->log, &world->err);
}

static void assert_loads(struct world *world)
{
    if (load(world) != 0)
        fail_msg("%s", world->err.message);
}

/* "knowledge: FOLDER/NAME" and the rest. */
static void assert_refused(struct world *world, const char *name, const char *message)
{
    assert_int_equal(load(world), -1);
    assert_int_equal(world->err.kind, ERROR_INPUT);
    char *expected = g_strdup_printf("knowledge: %s/%s%s", world->scratch.folder, name, message);
    assert_string_equal(world->err.message, expected);
    g_free(expected);
    assert_null(world->knowledge.entries);
}

/* The warnings' messages, without the folder, one a line. */
static void assert_warnings(struct world *world, const char *expected)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < world->log.messages->len; i++)
        g_string_append_printf(out, "%s\n", (const char *)world->log.messages->pdata[i]);
    char *folder = g_strconcat(world->scratch.folder, "/", NULL);
    g_string_replace(out, folder, "", 0);
    assert_string_equal(out->str, expected);
    g_free(folder);
    g_string_free(out, TRUE);
    g_ptr_array_set_size(world->log.messages, 0);
}

static void assert_recent(const struct world *world, const char *key, const char *ids)
{
    GPtrArray *recent = knowledge_recent(&world->knowledge, key);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < recent->len; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? " " : "", ((struct advisory *)recent->pdata[i])->id);
    assert_string_equal(out->str, ids);
    g_string_free(out, TRUE);
    g_ptr_array_unref(recent);
}

static void write_kev(struct world *world, const char *entries)
{
    char *text = g_strdup_printf("{\"title\": \"t\", \"catalogVersion\": \"2025.07.01\", \"count\": 1, "
                                 "\"vulnerabilities\": [%s]}",
                                 entries);
    scratch_write(&world->scratch, "kev.json", text);
    g_free(text);
    g_free(world->publication.kev_path);
    world->publication.kev_path = g_strdup("kev.json");
}

#define KEV(id, vendor, product, date)                                                   \
    "{\"cveID\": \"" id "\", \"vendorProject\": \"" vendor "\", \"product\": \"" product \
    "\", \"vulnerabilityName\": \"n\", \"dateAdded\": \"" date "\"}"

static void write_jvn(struct world *world, const char *items)
{
    char *text = g_strdup_printf(
        "<?xml version=\"1.0\"?>\n<rdf:RDF xmlns=\"http://purl.org/rss/1.0/\" "
        "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
        "xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:sec=\"http://jvn.jp/rss/mod_sec/3.0/\" "
        "xmlns:status=\"http://jvndb.jvn.jp/myjvn/Status\">\n%s</rdf:RDF>\n",
        items);
    scratch_write(&world->scratch, "jvn.xml", text);
    g_free(text);
    g_free(world->publication.jvn_path);
    world->publication.jvn_path = g_strdup("jvn*.xml");
}

#define JVN(id, cve, cpe, issued)                                                                       \
    "<item><title>題</title><link>https://jvndb.jvn.jp/x</link><sec:identifier>" id "</sec:identifier>" \
    "<sec:references source=\"CVE\" id=\"" cve "\">u</sec:references>"                                  \
    "<sec:cpe version=\"2.2\">" cpe "</sec:cpe><dcterms:issued>" issued "</dcterms:issued></item>\n"

/* ---- knowledge.csv ---- */

static void a_table_is_read(void **state)
{
    struct world *world = *state;
    write_table(world, "8728,tcp,管理用API,CVE-2025-0001 JVNDB-2025-000002,Worm A; Worm B,https://a.example/ "
                       "http://b.example/,2025-01-01,management API,vendor:router_os\n"
                       "8728,TCP,別の機器,,,,,,\n"
                       "8728,TCP,後の機器,,,,2025-07-01,,\n");
    assert_loads(world);
    GPtrArray *entries = knowledge_entries(&world->knowledge, "8728/TCP");
    assert_int_equal(entries->len, 2); /* the third was not known yet in that quarter */
    const struct knowledge_entry *entry = entries->pdata[0];
    assert_string_equal(entry->listens, "管理用API");
    assert_string_equal(entry->vulnerabilities[1], "JVNDB-2025-000002");
    assert_string_equal(entry->malware[1], "Worm B");
    assert_string_equal(entry->references[1], "http://b.example/");
    assert_null(entry->references[2]);
    assert_string_equal(knowledge_listens(&world->knowledge, entry, "en", &world->err), "management API");
    assert_null(knowledge_listens(&world->knowledge, entries->pdata[1], "en", &world->err));
    assert_non_null(strstr(world->err.message, "knowledge.csv: line 3: 8728/TCP has no text in listens_en"));
    g_ptr_array_unref(entries);
    entries = knowledge_entries(&world->knowledge, "8728/UDP");
    assert_int_equal(entries->len, 0);
    g_ptr_array_unref(entries);
}

static void a_publication_without_knowledge_knows_nothing(void **state)
{
    struct world *world = *state;
    g_clear_pointer(&world->publication.knowledge_path, g_free);
    assert_loads(world);
    assert_recent(world, "23/TCP", "");
    assert_null(world->knowledge.path);
}

static void a_malformed_table_is_refused_by_line(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *rows, *message;
    } cases[] = {
        {"99999,TCP,x,,,,,,\n", ": line 2: port \"99999\" is not valid, expected 0 to 65535 for TCP"},
        {"23,telnet,x,,,,,,\n", ": line 2: protocol \"telnet\" is unknown, expected one of TCP, UDP, SCTP, "
                                "DCCP, UDPLite, ICMP, ICMPv6"},
        {"23,TCP,,,,,,,\n", ": line 2: listens is empty, expected what listens at 23/TCP"},
        {"23,TCP,x,CVE-25-1,,,,,\n",
         ": line 2: vulnerabilities: \"CVE-25-1\", expected CVE-YYYY-NNNN or JVNDB-YYYY-NNNNNN"},
        {"23,TCP,x,CVE-2025-0001 CVE-2025-0001,,,,,\n",
         ": line 2: vulnerabilities: \"CVE-2025-0001\" stands twice, expected it once"},
        {"23,TCP,x,,,javascript:x,,,\n",
         ": line 2: references: \"javascript:x\", expected an address of http or https"},
        {"23,TCP,x,,,,2025-02-30,,\n", ": line 2: since \"2025-02-30\" is no date, expected YYYY-MM-DD"},
        {"23,TCP,x,,,,,,Vendor:os\n",
         ": line 2: products: \"Vendor:os\", expected vendor:product in small letters"},
        {"23,TCP,x,,,,,,\n23,TCP,y,,,,,,\n23,tcp,x,,,,,,\n",
         ": line 4: 23/TCP with the same text in listens stands twice, expected it once"},
        {"23,TCP,x\n", ": line 2: 3 fields, expected 9"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        write_table(world, cases[i].rows);
        assert_refused(world, "knowledge.csv", cases[i].message);
    }
    scratch_write(&world->scratch, "knowledge.csv", "port,protocol\n");
    assert_int_equal(load(world), -1);
    assert_non_null(strstr(world->err.message, "knowledge.csv: line 1: column \"listens\" is missing"));
}

/* ---- CISA's catalogue ---- */

static void what_was_listed_within_90_days_of_the_end_is_recent(void **state)
{
    struct world *world = *state;
    write_table(world, "23,TCP,x,CVE-2025-0001 CVE-2025-0002 CVE-2025-0003 CVE-2025-0004,,,,,\n"
                       "80,TCP,x,CVE-2025-9999,,,,,\n"
                       "8728,TCP,x,,,,,,vendor_name:router_os\n");
    write_kev(world, KEV("CVE-2025-0001", "v", "p", "2025-04-01") ", " KEV(
                         "CVE-2025-0002", "v", "p",
                         "2025-04-02") ", " KEV("CVE-2025-0003", "v", "p",
                                                "2025-06-30") ", " KEV("CVE-2025-0004", "v", "p",
                                                                       "2025-07-01") ", " KEV("CVE-2025-0005",
                                                                                              "Vendor Name",
                                                                                              "Router OS",
                                                                                              "2025-05-01"));
    assert_loads(world);
    assert_recent(world, "23/TCP", "CVE-2025-0003 CVE-2025-0002"); /* the latest first */
    assert_recent(world, "80/TCP", "");                            /* a number that no list has */
    assert_recent(world, "8728/TCP", "CVE-2025-0005");             /* by its product */
    assert_recent(world, "443/TCP", "");
    world->publication.knowledge_days = 91;
    assert_loads(world);
    assert_recent(world, "23/TCP", "CVE-2025-0003 CVE-2025-0002 CVE-2025-0001");
}

static void a_bad_entry_is_a_warning_and_a_bad_catalogue_an_error(void **state)
{
    struct world *world = *state;
    write_table(world, "23,TCP,x,CVE-2025-0001 CVE-2025-0002,,,,,\n");
    write_kev(world,
              KEV("CVE-2025-0001", "v", "p", "2025-05-32") ", " KEV(
                  "2025-0001", "v", "p",
                  "2025-05-01") ", 7, " KEV("CVE-2025-0002", "v", "p",
                                            "2025-05-20") ", " KEV("CVE-2025-0002", "v", "p", "2025-05-10"));
    assert_loads(world);
    assert_recent(world, "23/TCP", "CVE-2025-0002");
    const struct advisory *kept = world->knowledge.advisories.advisories->pdata[0];
    assert_int_equal(kept->listed.day, 10);
    assert_warnings(world,
                    "knowledge: kev.json: vulnerabilities[0]: CVE-2025-0001: dateAdded \"2025-05-32\" is no "
                    "date, expected "
                    "YYYY-MM-DD\n"
                    "knowledge: kev.json: vulnerabilities[1]: cveID \"2025-0001\", expected CVE-YYYY-NNNN\n"
                    "knowledge: kev.json: vulnerabilities[2]: cveID \"\", expected CVE-YYYY-NNNN\n"
                    "knowledge: kev.json: vulnerabilities[4]: CVE-2025-0002 is listed a second time, "
                    "expected it once; the "
                    "earlier date stands\n");
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"[]", ": no list \"vulnerabilities\", expected CISA's known_exploited_vulnerabilities.json"},
        {"{\"catalogVersion\": \"1\", \"vulnerabilities\": {}}",
         ": no list \"vulnerabilities\", expected CISA's known_exploited_vulnerabilities.json"},
        {"{\"vulnerabilities\": []}",
         ": no \"catalogVersion\", expected CISA's known_exploited_vulnerabilities.json"},
        {"\xFF{}",
         ": cannot be read as JSON: not UTF-8, expected CISA's known_exploited_vulnerabilities.json"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        scratch_write(&world->scratch, "kev.json", cases[i].text);
        assert_refused(world, "kev.json", cases[i].message);
    }
    scratch_write(&world->scratch, "kev.json", "{\"vulnerabilities\": [");
    assert_int_equal(load(world), -1);
    assert_non_null(strstr(world->err.message, "kev.json: cannot be read as JSON: 1:"));
    scratch_write(&world->scratch, "kev.json", "");
    assert_int_equal(load(world), -1);
    char *deep = g_strnfill(100000, '[');
    scratch_write(&world->scratch, "kev.json", deep);
    g_free(deep);
    assert_refused(world, "kev.json",
                   ": cannot be read as JSON: more than 64 levels, expected CISA's "
                   "known_exploited_vulnerabilities.json");
    /* A pipe would be waited for. */
    assert_int_equal(mkfifo(scratch_path(&world->scratch, "pipe.json"), 0600), 0);
    g_free(world->publication.kev_path);
    world->publication.kev_path = g_strdup("pipe.json");
    assert_refused(
        world, "pipe.json",
        ": cannot be read as JSON: not a regular file, expected CISA's known_exploited_vulnerabilities.json");
    g_free(world->publication.kev_path);
    world->publication.kev_path = g_strdup("missing.json");
    assert_int_equal(load(world), -1);
    assert_non_null(strstr(world->err.message, "missing.json"));
}

/* ---- JVN ---- */

static void jvn_is_read_by_number_reference_and_product(void **state)
{
    struct world *world = *state;
    write_table(world, "23,TCP,x,JVNDB-2025-000001,,,,,\n"
                       "80,TCP,x,CVE-2025-0002,,,,,\n"
                       "443,TCP,x,,,,,,vendor:gateway\n"
                       "8443,TCP,x,,,,,,vendor:newer\n");
    write_jvn(world, JVN("JVNDB-2025-000001", "CVE-2025-0001", "cpe:/a:x:y", "2025-05-20T11:52+09:00")
                         JVN("JVNDB-2025-000002", "CVE-2025-0002", "cpe:/a:x:y", "2025-06-01T10:00:00+09:00")
                             JVN("JVNDB-2025-000003", "CVE-2025-0003", "cpe:/h:vendor:gateway:1.0",
                                 "2025-06-02") JVN("JVNDB-2025-000004", "CVE-2025-0004",
                                                   "cpe:2.3:o:vendor:newer:*", "2025-06-03T10:00+09:00"));
    assert_loads(world);
    assert_recent(world, "23/TCP", "JVNDB-2025-000001");
    assert_recent(world, "80/TCP", "JVNDB-2025-000002");
    assert_recent(world, "443/TCP", "JVNDB-2025-000003");
    assert_recent(world, "8443/TCP", "JVNDB-2025-000004");
    /* A second file of the same answer says nothing new. */
    char *first = g_build_filename(world->scratch.folder, "jvn.xml", NULL), *text = NULL;
    assert_true(g_file_get_contents(first, &text, NULL, NULL));
    scratch_write(&world->scratch, "jvn-2.xml", text);
    g_free(text);
    g_free(first);
    assert_loads(world);
    assert_recent(world, "23/TCP", "JVNDB-2025-000001");
    assert_int_equal(world->knowledge.advisories.advisories->len, 4);
    assert_int_equal(world->log.count, 0);
}

static void bad_items_are_warnings_and_bad_documents_errors(void **state)
{
    struct world *world = *state;
    write_table(world, "23,TCP,x,JVNDB-2025-000001,,,,,\n");
    write_jvn(world,
              JVN("JVNDB-2025-1", "CVE-2025-0001", "cpe:/a:x:y", "2025-05-20T11:52+09:00")
                  JVN("JVNDB-2025-000001", "CVE-2025-0001", "nonsense", "2025-13-20T11:52+09:00")
                      JVN("JVNDB-2025-000001", "CVE-2025-0001", "cpe:/a", "2025-05-21T11:52+09:00")
                          JVN("JVNDB-2025-000001", "CVE-2025-0001", "cpe:/a:x:y", "2025-05-20T11:52+09:00"));
    assert_loads(world);
    assert_recent(world, "23/TCP", "JVNDB-2025-000001");
    assert_int_equal(((struct advisory *)world->knowledge.advisories.advisories->pdata[0])->listed.day, 20);
    assert_warnings(
        world, "knowledge: jvn.xml: line 3: sec:identifier \"JVNDB-2025-1\", expected JVNDB-YYYY-NNNNNN\n"
               "knowledge: jvn.xml: line 4: JVNDB-2025-000001: dcterms:issued \"2025-13-20T11:52+09:00\" is "
               "no date, expected YYYY-MM-DDThh:mm and an offset\n"
               "knowledge: jvn.xml: line 6: JVNDB-2025-000001 is listed a second time, expected it once; the "
               "earlier date stands\n");
    write_jvn(world, "<status:Status retCd=\"1\" errMsg=\"parameter\"/>");
    assert_refused(world, "jvn.xml",
                   ": line 3: the MyJVN API answered with the error \"parameter\", expected a list");
    scratch_write(&world->scratch, "jvn.xml", "<html/>");
    assert_refused(world, "jvn.xml", ": line 1: <html>, expected the <rdf:RDF> of getVulnOverviewList");
    scratch_write(&world->scratch, "jvn.xml", "<rdf:RDF");
    assert_int_equal(load(world), -1);
    assert_non_null(strstr(world->err.message, "expected well-formed XML"));
    scratch_write(&world->scratch, "jvn.xml",
                  "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>\n<a>&b;</a>");
    assert_refused(world, "jvn.xml", ": line 1: a document type declaration, expected none");
    /* Nothing found is an answer, too. */
    scratch_write(
        &world->scratch, "jvn.xml",
        "<Result xmlns:status=\"http://jvndb.jvn.jp/myjvn/Status\"><status:Status retCd=\"0\"/></Result>");
    assert_loads(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_table_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(a_publication_without_knowledge_knows_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_malformed_table_is_refused_by_line, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_listed_within_90_days_of_the_end_is_recent, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bad_entry_is_a_warning_and_a_bad_catalogue_an_error, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(jvn_is_read_by_number_reference_and_product, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_items_are_warnings_and_bad_documents_errors, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
