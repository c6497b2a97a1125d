#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "publication/publication.h"
#include "unit/scratch.h"

/* A whole publication; tests replace one piece of it. Line numbers count from the declaration, line 1. */
static const char whole[] = /* clang-format off */
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                            /* 1 */
    "<publication xmlns=\"urn:teiten:publication:1\">\n"                                      /* 2 */
    "  <title xml:lang=\"ja\">観測\n    レポート</title>\n"                                   /* 3, 4 */
    "  <title xml:lang=\"en\">Report</title>\n"                                               /* 5 */
    "  <publisher xml:lang=\"ja\">みほんCERT</publisher><publisher xml:lang=\"en\">CERT</publisher>\n" /* 6 */
    "  <language>ja</language>\n"                                                             /* 7 */
    "  <language>en</language>\n"                                                             /* 8 */
    "  <calendar time-zone=\"Asia/Tokyo\" fiscal-year-starts=\"4\"/>\n"                       /* 9 */
    "  <captures path=\"captures/{edition}\"/>\n"                                             /* 10 */
    "  <captures path=\"more/*.pcap\" unreadable=\"skip\"/>\n"                                /* 11 */
    "  <sensors path=\"sensors.csv\" home-region=\"JP\"/>\n"                                  /* 12 */
    "  <names services=\"services.csv\" regions=\"regions.csv\"/>\n"                          /* 13 */
    "  <delegated path=\"registries/{edition}/delegated-*\"/>\n"                              /* 14 */
    "  <prose path=\"prose/{fiscal-year}-{quarter}\"/>\n"                                     /* 15 */
    "  <ranking limit=\"20\" icmp=\"one\"/>\n"                                                /* 16 */
    "  <measure id=\"ports\" count=\"packets\" by=\"port\">\n"                                /* 17 */
    "    <where sensor-group=\"domestic\" port=\"23 8000-8100\" protocol=\"tcp\"/>\n"         /* 18 */
    "  </measure>\n"                                                                          /* 19 */
    "  <measure id=\"tools\" count=\"sources\" by=\"tool\"/>\n"                               /* 20 */
    "  <table id=\"t\" measure=\"ports\" top=\"5\">\n"                                        /* 21 */
    "    <caption xml:lang=\"ja\">表</caption><caption xml:lang=\"en\">Table</caption>\n"     /* 22 */
    "    <key-heading xml:lang=\"ja\">番号</key-heading><key-heading xml:lang=\"en\">Port</key-heading>\n" /* 23 */
    "    <column kind=\"rank\"/><column kind=\"key\"/><column kind=\"change\"/>\n"            /* 24 */
    "  </table>\n"                                                                            /* 25 */
    "  <figure id=\"f\" kind=\"daily-lines\" table=\"t\">\n"                                  /* 26 */
    "    <caption xml:lang=\"ja\">図</caption><caption xml:lang=\"en\">Figure</caption>\n"    /* 27 */
    "    <headline xml:lang=\"ja\">見出し</headline>\n"                                       /* 28 */
    "  </figure>\n"                                                                           /* 29 */
    "  <figure id=\"g\" kind=\"small-multiples\" measure=\"tools\">\n"                        /* 30 */
    "    <caption xml:lang=\"ja\">図</caption><caption xml:lang=\"en\">Figure</caption>\n"    /* 31 */
    "    <series keys=\"mirai zmap\"><label xml:lang=\"ja\">あり</label><label xml:lang=\"en\">with</label></series>\n" /* 32 */
    "    <series not=\"mirai\"><label xml:lang=\"ja\">なし</label><label xml:lang=\"en\">without</label></series>\n" /* 33 */
    "  </figure>\n"                                                                           /* 34 */
    "</publication>\n";
/* clang-format on */

static int setup(void **state)
{
    struct scratch *scratch = g_new0(struct scratch, 1);
    scratch_init(scratch);
    scratch_write(scratch, "sensors.csv",
                  "id,prefix,region,group,label,since,until\njp01,192.0.2.0/28,JP,domestic,東日本1,,\n");
    scratch_write(scratch, "services.csv", "port,protocol,name,use\n23,TCP,Telnet,\n");
    scratch_write(scratch, "regions.csv", "code,ja,en\nJP,日本,Japan\nUS,米国,United States\n");
    *state = scratch;
    return 0;
}

static int teardown(void **state)
{
    scratch_release(*state);
    g_free(*state);
    return 0;
}

/* The whole document with `from` (which must be in it) replaced. */
static const char *document_write(struct scratch *scratch, const char *from, const char *to)
{
    GString *text = g_string_new(whole);
    if (from != NULL && g_string_replace(text, from, to, 1) != 1)
        fail_msg("not in the document: %s", from);
    const char *path = scratch_write_bytes(scratch, "publication.xml", text->str, text->len);
    g_string_free(text, TRUE);
    return path;
}

static void assert_refused_at(struct scratch *scratch, const char *path, const char *rest)
{
    struct publication publication;
    struct error err = {0};
    assert_int_equal(publication_load(&publication, scratch->folder, NULL, &err), -1);
    assert_int_equal(err.kind, ERROR_INPUT);
    char *expected = scratch_message(path, rest);
    assert_string_equal(err.message, expected);
    g_free(expected);
    publication_release(&publication); /* safe after a failure */
}

static void assert_refused(struct scratch *scratch, const char *from, const char *to, const char *rest)
{
    assert_refused_at(scratch, document_write(scratch, from, to), rest);
}

static void load(struct scratch *scratch, struct publication *publication)
{
    struct error err = {0};
    if (publication_load(publication, scratch->folder, NULL, &err) != 0)
        fail_msg("%s", err.message);
}

static void everything(void **state)
{
    struct publication p;
    document_write(*state, NULL, NULL);
    load(*state, &p);
    assert_string_equal(localized_text(&p.title, "ja"), "観測 レポート"); /* white space runs collapse */
    assert_string_equal(localized_text(&p.title, "en"), "Report");
    assert_null(localized_text(&p.title, "fr"));
    assert_string_equal(localized_text(&p.publisher, "ja"), "みほんCERT");
    assert_string_equal(p.languages[0], "ja");
    assert_string_equal(p.languages[1], "en");
    assert_null(p.languages[2]);
    assert_string_equal(p.time_zone, "Asia/Tokyo");
    assert_int_equal(p.fiscal_start_month, 4);
    assert_string_equal(p.captures[0], "captures/{edition}");
    assert_string_equal(p.captures[1], "more/*.pcap");
    assert_null(p.captures[2]);
    assert_true(p.skip_unreadable);
    assert_string_equal(p.delegated[0], "registries/{edition}/delegated-*");
    assert_null(p.delegated[1]);
    assert_string_equal(p.prose_folder, "prose/{fiscal-year}-{quarter}");
    assert_null(p.template_folder);
    assert_int_equal(p.top_limit, 20);
    assert_true(p.icmp_as_one);
    assert_string_equal(p.home_region, "JP");
    assert_int_equal(p.sensors.sensor_count, 1);
    assert_string_equal(service_names_name(&p.services, "ja", "23/TCP"), "Telnet");
    assert_string_equal(region_names_name(&p.regions, "ja", "US"), "米国");

    const struct measure *m = publication_measure(&p, "ports");
    assert_int_equal(m->line, 17);
    char *definition = measure_definition(m);
    assert_string_equal(definition,
                        "count=packets by=port sensor-group=domestic protocol=6 port=23,8000-8100");
    g_free(definition);
    assert_int_equal(publication_measure(&p, "tools")->count, COUNT_SOURCES);
    assert_int_equal(publication_measure(&p, "tools")->by, BY_TOOL);
    assert_null(publication_measure(&p, "t"));

    const struct table_definition *t = publication_table(&p, "t");
    assert_string_equal(t->measure, "ports");
    assert_int_equal(t->top, 5);
    assert_int_equal(t->column_count, 3);
    assert_int_equal(t->columns[0], COLUMN_RANK);
    assert_int_equal(t->columns[1], COLUMN_KEY);
    assert_int_equal(t->columns[2], COLUMN_CHANGE);
    assert_string_equal(localized_text(&t->caption, "en"), "Table");
    assert_string_equal(localized_text(&t->key_heading, "ja"), "番号");
    assert_int_equal(t->line, 21);
    assert_null(publication_table(&p, "f"));

    const struct figure_definition *f = publication_figure(&p, "f");
    assert_int_equal(f->kind, FIGURE_DAILY_LINES);
    assert_string_equal(f->table, "t");
    assert_string_equal(f->measure, "ports"); /* the table's */
    assert_int_equal(f->series_count, 0);
    assert_string_equal(localized_text(&f->headline, "ja"), "見出し");
    assert_null(localized_text(&f->headline, "en"));
    const struct figure_definition *g = publication_figure(&p, "g");
    assert_int_equal(g->kind, FIGURE_SMALL_MULTIPLES);
    assert_null(g->table);
    assert_int_equal(g->series_count, 2);
    assert_string_equal(g->series[0].keys[0], "mirai");
    assert_string_equal(g->series[0].keys[1], "zmap");
    assert_null(g->series[0].keys[2]);
    assert_false(g->series[0].negated);
    assert_true(g->series[1].negated);
    assert_string_equal(localized_text(&g->series[1].label, "en"), "without");
    assert_int_equal(g->line, 30);
    publication_release(&p);
    publication_release(&p);
}

static void defaults(void **state)
{
    struct publication p;
    document_write(
        *state, "  <prose path=\"prose/{fiscal-year}-{quarter}\"/>\n  <ranking limit=\"20\" icmp=\"one\"/>\n",
        "");
    load(*state, &p);
    assert_string_equal(p.prose_folder, "editions/{edition}");
    assert_int_equal(p.top_limit, 10);
    assert_false(p.icmp_as_one);
    publication_release(&p);
    document_write(*state, " unreadable=\"skip\"", " unreadable=\"refuse\"");
    load(*state, &p);
    assert_false(p.skip_unreadable);
    for (int i = 0; i < TUNNEL_KINDS; i++)
        assert_false(p.opens[i]);
    publication_release(&p);
    document_write(*state, " unreadable=\"skip\"", " tunnels=\"gre ip\"");
    load(*state, &p);
    assert_true(p.opens[TUNNEL_IP] && p.opens[TUNNEL_GRE]);
    assert_false(p.opens[TUNNEL_VXLAN] || p.opens[TUNNEL_GENEVE]);
    publication_release(&p);
}

/* Blanks around a value mean nothing, in any attribute. */
static void blanks_around_values(void **state)
{
    struct publication p;
    document_write(*state, "<title xml:lang=\"en\">Report</title>",
                   "<title xml:lang=\" en \"> Report <!-- really -->\n </title>");
    load(*state, &p);
    assert_string_equal(localized_text(&p.title, "en"), "Report");
    publication_release(&p);
    document_write(*state, "id=\"tools\" count=\"sources\" by=\"tool\"",
                   "id=\" tools\" count=\" sources\" by=\"tool \"");
    load(*state, &p);
    assert_int_equal(publication_measure(&p, "tools")->by, BY_TOOL);
    publication_release(&p);
    document_write(*state, "top=\"5\"", "top=\" 5 \"");
    load(*state, &p);
    assert_int_equal(publication_table(&p, "t")->top, 5);
    publication_release(&p);
}

/* A table may stand before its measure, a figure before its table. */
static void any_order(void **state)
{
    struct publication p;
    GString *text = g_string_new(whole);
    const char *start = strstr(text->str, "  <measure id=\"ports\"");
    const char *middle = strstr(text->str, "  <figure id=\"f\"");
    const char *end = strstr(text->str, "</publication>");
    char *swapped = g_strdup_printf("%.*s%.*s%.*s%s", (int)(start - text->str), text->str,
                                    (int)(end - middle), middle, (int)(middle - start), start, end);
    scratch_write(*state, "publication.xml", swapped);
    load(*state, &p);
    assert_string_equal(publication_figure(&p, "f")->measure, "ports");
    publication_release(&p);
    g_free(swapped);
    g_string_free(text, TRUE);
}

struct change {
    const char *from;
    const char *to;
    const char *rest;
};

static void assert_all_refused(struct scratch *scratch, const struct change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_refused(scratch, changes[i].from, changes[i].to, changes[i].rest);
}

static void against_the_grammar(void **state)
{
    static const struct change changes[] = {
        {"<measure id=\"tools\" count=\"sources\" by=\"tool\"/>", "<mesure id=\"tools\"/>",
         ": line 20: element \"mesure\" is unknown here, expected one of title, publisher, language, "
         "calendar, captures, "
         "sensors, maintenance, names, delegated, knowledge, prose, templates, web, ranking, lint, measure, "
         "table, "
         "figure"},
        {"count=\"sources\"", "count=\"byte\"",
         ": line 20: attribute \"count\" of element \"measure\" is \"byte\", expected one of packets, bytes, "
         "sources, source-sensors"},
        {"by=\"tool\"", "by=\"tool\" of=\"x\"",
         ": line 20: attribute \"of\" of element \"measure\" is unknown, expected one of id, count, by, per"},
        {" by=\"tool\"", "",
         ": line 20: element \"measure\" has no attribute \"by\", expected one of nothing, port, "
         "protocol, region, sensor, group, tool, source-24"},
        {"top=\"5\"", "top=\"0\"",
         ": line 21: attribute \"top\" of element \"table\" is \"0\", expected a number of rows from 1 to "
         "100"},
        {"top=\"5\"", "top=\"101\"",
         ": line 21: attribute \"top\" of element \"table\" is \"101\", expected a number of rows from 1 to "
         "100"},
        {"top=\"5\"", "top=\"five\"",
         ": line 21: attribute \"top\" of element \"table\" is \"five\", expected a number of rows from 1 to "
         "100"},
        {"fiscal-year-starts=\"4\"", "fiscal-year-starts=\"13\"",
         ": line 9: attribute \"fiscal-year-starts\" of element \"calendar\" is \"13\", expected a month "
         "from 1 to 12"},
        {"home-region=\"JP\"", "home-region=\"jp\"",
         ": line 12: attribute \"home-region\" of element \"sensors\" is \"jp\", expected a region code of "
         "two capital "
         "letters"},
        {"limit=\"20\"", "limit=\"\"",
         ": line 16: attribute \"limit\" of element \"ranking\" is empty, expected a rank from 1 to 1000"},
        {"<column kind=\"change\"/>", "<column kind=\"delta\"/>",
         ": line 24: attribute \"kind\" of element \"column\" is \"delta\", expected one of rank, key, "
         "previous-rank, "
         "count, share, per-sensor, change, listens"},
        {"<column kind=\"rank\"/><column kind=\"key\"/><column kind=\"change\"/>", "",
         ": line 21: element \"table\" has no element \"column\", expected at least one"},
        {"  <calendar time-zone=\"Asia/Tokyo\" fiscal-year-starts=\"4\"/>\n", "",
         ": line 2: element \"publication\" has no element \"calendar\", expected one"},
        {"limit=\"20\"", "concentration=\"100\"",
         ": line 16: attribute \"concentration\" of element \"ranking\" is \"100\", expected a percentage "
         "from 1 to 99"},
        {"<ranking ", "<ranking/><ranking ",
         ": line 16: element \"ranking\" appears a second time, expected it once"},
        {"<language>en</language>", "<language>fr</language>",
         ": line 8: the text of element \"language\" is \"fr\", expected one of ja, en"},
        {"<language>en</language>", "<language/>",
         ": line 8: the text of element \"language\" is empty, expected one of ja, en"},
        {"<title xml:lang=\"en\">", "<title>",
         ": line 5: element \"title\" has no attribute \"xml:lang\", expected one of ja, en"},
        {"<title xml:lang=\"en\">Report</title>", "<title xml:lang=\"en\"> </title>",
         ": line 5: the text of element \"title\" is empty, expected some text"},
        {"  </table>", "  more\n  </table>",
         ": line 21: text \"more\" inside element \"table\", expected elements only or nothing"},
        {"urn:teiten:publication:1", "urn:teiten:publication:2",
         ": line 2: element \"publication\" is in the namespace \"urn:teiten:publication:2\", expected "
         "\"urn:teiten:publication:1\""},
        {"tcp\"/>", "tcp\"><or/></where>", ": line 18: element \"or\" is unknown here, expected none"},
        {"id=\"tools\"", "id=\"Tools\"",
         ": line 20: attribute \"id\" of element \"measure\" is \"Tools\", expected small letters, digits "
         "and \"-\", a "
         "letter first"},
        {"23 8000-8100", "23, 8000-8100",
         ": line 18: attribute \"port\" of element \"where\" is \"23, 8000-8100\", expected ports and ranges "
         "of ports, "
         "e.g. \"23 2323 8000-8100\""},
        {"port=\"23 8000-8100\"", "tool=\"mirai nmap\"",
         ": line 18: attribute \"tool\" of element \"where\" is \"mirai nmap\", expected one of mirai, zmap, "
         "masscan, "
         "backscatter, other"},
        {"sensor-group=\"domestic\"", "sensor-group=\" \"",
         ": line 18: attribute \"sensor-group\" of element \"where\" is empty, expected one value or "
         "several, separated by "
         "blanks"},
    };
    assert_all_refused(*state, changes, G_N_ELEMENTS(changes));
}

static void against_itself(void **state)
{
    static const struct change changes[] = {
        {"id=\"tools\"", "id=\"ports\"",
         ": line 20: measure \"ports\" is defined a second time, expected another id"},
        {"<figure id=\"g\"", "<figure id=\"f\"",
         ": line 30: figure \"f\" is defined a second time, expected another id"},
        {"measure=\"ports\" top", "measure=\"port\" top",
         ": line 21: measure \"port\" is not defined, expected one of ports, tools"},
        {"measure=\"tools\">", "measure=\"tool\">",
         ": line 30: measure \"tool\" is not defined, expected one of ports, tools"},
        {"table=\"t\"", "table=\"u\"", ": line 26: table \"u\" is not defined, expected the id of a table"},
        {" table=\"t\"", "",
         ": line 26: figure \"f\" has neither a table nor a measure, expected one of them"},
        {"table=\"t\"", "table=\"t\" measure=\"ports\"",
         ": line 26: figure \"f\" has both a table and a measure, expected one of them"},
        {"table=\"t\"", "measure=\"ports\"",
         ": line 26: figure \"f\" has a measure but no series, expected at least one, or the attribute top"},
        {"measure=\"tools\">", "table=\"t\">",
         ": line 30: figure \"g\" has both a table and series, expected the table alone"},
        {"<series not=\"mirai\">", "<series not=\"mirai\" keys=\"zmap\">",
         ": line 33: element \"series\" has both \"keys\" and \"not\", expected one of them"},
        {"<series not=\"mirai\">", "<series>",
         ": line 33: element \"series\" has neither \"keys\" nor \"not\", expected one of them"},
        {"Asia/Tokyo", "Asia/Tokio",
         ": line 9: time zone \"Asia/Tokio\" is unknown, expected a name of the tz database, e.g. "
         "Asia/Tokyo"},
        {"protocol=\"tcp\"", "protocol=\"tpc\"",
         ": line 18: protocol \"tpc\" is unknown, expected tcp, udp, icmp, icmpv6, sctp, dccp, udplite, "
         "igmp, gre, esp, "
         "ah, ipip, ipv6, ospf or a number from 0 to 255"},
        {"8000-8100", "8100-8000",
         ": line 18: port \"8100-8000\" is not valid, expected a port or a range from low to high, up to "
         "65535"},
        {"8000-8100", "65536",
         ": line 18: port \"65536\" is not valid, expected a port or a range from low to high, up to 65535"},
        {"<language>en</language>", "<language>ja</language>",
         ": line 8: language \"ja\" is listed a second time, expected it once"},
        {"<title xml:lang=\"en\">", "<title xml:lang=\"ja\">",
         ": line 5: element \"title\" appears a second time in the language \"ja\", expected it once"},
        {"<title xml:lang=\"en\">Report</title>", "",
         ": line 2: element \"publication\" has no title in the language \"en\", expected <title "
         "xml:lang=\"en\"> as that "
         "language is listed"},
        {"<caption xml:lang=\"en\">Table</caption>", "",
         ": line 21: element \"table\" has no caption in the language \"en\", expected <caption "
         "xml:lang=\"en\"> as that "
         "language is listed"},
        {"<key-heading xml:lang=\"en\">Port</key-heading>", "",
         ": line 21: element \"table\" has no key-heading in the language \"en\", expected <key-heading "
         "xml:lang=\"en\"> as "
         "that language is listed"},
        {"<label xml:lang=\"en\">without</label>", "",
         ": line 33: element \"series\" has no label in the language \"en\", expected <label "
         "xml:lang=\"en\"> as that "
         "language is listed"},
        {"captures/{edition}", "captures/{year}",
         ": line 10: path \"captures/{year}\" holds \"{\", expected it only in {edition}, {fiscal-year} and "
         "{quarter}"},
        {"sensors.csv", "{edition}/sensors.csv",
         ": line 12: path \"{edition}/sensors.csv\" holds \"{\", expected a path that is the same for all "
         "editions"},
    };
    assert_all_refused(*state, changes, G_N_ELEMENTS(changes));
}

static void against_the_files(void **state)
{
    struct scratch *scratch = *state;
    char *sensors = g_build_filename(scratch->folder, "sensors.csv", NULL);
    char *group = g_strconcat(
        ": line 17: measure \"ports\": sensor-group \"overseas\" is unknown, expected a group of ", sensors,
        NULL);
    char *sensor = g_strconcat(": line 17: measure \"ports\": sensor \"jp02\" is unknown, expected an id of ",
                               sensors, NULL);
    const struct change changes[] = {
        {"sensor-group=\"domestic\"", "sensor-group=\"domestic overseas\"", group},
        {"sensor-group=\"domestic\"", "sensor=\"jp01 jp02\"", sensor},
        {"sensor-group=\"domestic\"", "source-region=\"JP XX\"",
         ": line 17: measure \"ports\": source-region \"XX\" is unknown, expected a code of the regions "
         "table"},
        {"sensor-group=\"domestic\"", "sensor-region=\"XX\"",
         ": line 17: measure \"ports\": sensor-region \"XX\" is unknown, expected a code of the regions "
         "table"},
        {"home-region=\"JP\"", "home-region=\"XX\"",
         ": home-region \"XX\" is unknown, expected a code of the regions table"},
        {"not=\"mirai\"", "not=\"nmap\"",
         ": line 30: figure \"g\": series key \"nmap\" is unknown, expected one of mirai, zmap, masscan, "
         "backscatter, other"},
        {"measure=\"tools\">", "measure=\"ports\">",
         ": line 30: figure \"g\": series key \"mirai\" is unknown, expected a port and its protocol, e.g. "
         "23/TCP"},
        {"by=\"tool\"", "by=\"region\"",
         ": line 30: figure \"g\": series key \"mirai\" is unknown, expected a code of the regions table"},
        {"by=\"tool\"", "by=\"sensor\"",
         ": line 30: figure \"g\": series key \"mirai\" is unknown, expected the id of a sensor"},
        {"by=\"tool\"", "by=\"nothing\"",
         ": line 30: figure \"g\": series key \"mirai\" is unknown, expected all"},
    };
    assert_all_refused(scratch, changes, G_N_ELEMENTS(changes));
    g_free(sensor);
    g_free(group);

    document_write(scratch, NULL, NULL);
    scratch_write(
        scratch, "sensors.csv",
        "id,prefix,region,group,label,since,until\n"
        "z,192.0.2.0/28,JP,domestic,Z,,\nb,192.0.2.32/28,BG,domestic,B,,\na,192.0.2.16/28,FR,domestic,A,,\n");
    assert_refused_at(scratch, sensors,
                      ": line 3: region \"BG\" is unknown, expected a code of the regions table");
    g_free(sensors);
}

static void regions_need_registries(void **state)
{
    struct scratch *scratch = *state;
    GString *text = g_string_new(whole);
    g_string_replace(text, "  <delegated path=\"registries/{edition}/delegated-*\"/>\n", "", 1);
    scratch_write(scratch, "publication.xml", text->str);
    struct publication p;
    load(scratch, &p); /* nothing here looks at source regions */
    assert_null(p.delegated[0]);
    publication_release(&p);
    g_string_replace(text, "sensor-group=\"domestic\"", "source-region=\"JP\"", 1);
    assert_refused_at(scratch, scratch_write(scratch, "publication.xml", text->str),
                      ": line 16: measure \"ports\": needs the regions of sources, expected a <delegated "
                      "path=\"..\"/> with "
                      "the statistics of the registries");
    g_string_free(text, TRUE);
}

static void port_keys(void **state)
{
    struct publication p;
    static const char *const good[] = {"23/TCP", "0/UDP", "65535/SCTP", "8/ICMP",
                                       "ICMP",   "47/IP", "128/ICMPv6"};
    static const char *const bad[] = {"23",   "23/tcp",  "65536/TCP", "256/ICMP",
                                      "/TCP", "023/TCP", "x/TCP",     "TCP"};
    for (size_t i = 0; i < G_N_ELEMENTS(good) + G_N_ELEMENTS(bad); i++) {
        bool is_good = i < G_N_ELEMENTS(good);
        const char *key = is_good ? good[i] : bad[i - G_N_ELEMENTS(good)];
        GString *text = g_string_new(whole);
        g_string_replace(text, "measure=\"tools\">", "measure=\"ports\">", 1);
        char *keys = g_strdup_printf("\"%s\"", key);
        g_string_replace(text, "\"mirai zmap\"", keys, 1);
        g_string_replace(text, "not=\"mirai\"", "not=\"80/TCP\"", 1);
        scratch_write(*state, "publication.xml", text->str);
        struct error err = {0};
        int result = publication_load(&p, ((struct scratch *)*state)->folder, NULL, &err);
        if ((result == 0) != is_good)
            fail_msg("%s: %s", key, result == 0 ? "taken" : err.message);
        publication_release(&p);
        g_free(keys);
        g_string_free(text, TRUE);
    }
}

static void hostile_xml(void **state)
{
    struct scratch *scratch = *state;
    scratch_write(scratch, "secret", "secret");
    assert_refused(scratch, "<publication ",
                   "<!DOCTYPE publication [<!ENTITY x SYSTEM \"secret\">]>\n<publication ",
                   ": line 2: a document type declaration, expected none");
    assert_refused(scratch, "<publication ", "\n\n<!DOCTYPE publication SYSTEM \"x.dtd\"><publication ",
                   ": line 4: a document type declaration, expected none");
    /* an XInclude is an unknown element like any other */
    struct publication p;
    struct error err = {0};
    document_write(scratch, "<language>en</language>",
                   "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"secret\"/>");
    assert_int_equal(publication_load(&p, scratch->folder, NULL, &err), -1);
    assert_non_null(
        strstr(err.message, ": line 8: element \"include\" is unknown here, expected one of title,"));
    assert_null(strstr(err.message, "secret"));
}

static void not_well_formed(void **state)
{
    struct scratch *scratch = *state;
    struct publication p;
    struct error err = {0};
    const char *path = document_write(scratch, "</table>", "</tabel>");
    assert_int_equal(publication_load(&p, scratch->folder, NULL, &err), -1);
    char *expected = scratch_message(path, ": line 25: ");
    assert_true(g_str_has_prefix(err.message, expected));
    assert_true(g_str_has_suffix(err.message, ", expected well-formed XML"));
    g_free(expected);
    const char *const broken[] = {"", "text", "<publication", "<a/><b/>", "\xff\xfe"};
    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
        scratch_write(scratch, "publication.xml", broken[i]);
        assert_int_equal(publication_load(&p, scratch->folder, NULL, &err), -1);
        assert_true(g_str_has_prefix(err.message, path));
        assert_non_null(strstr(err.message, ": line 1: "));
    }
}

static void missing_document(void **state)
{
    struct scratch *scratch = *state;
    char *rest = g_strdup_printf(
        ": no such file; looked in the folder \"%s\", expected a publication folder (-C DIR names "
        "another)",
        scratch->folder);
    assert_refused_at(scratch, scratch_path(scratch, "publication.xml"), rest);
    g_free(rest);
}

static void missing_source(void **state)
{
    struct scratch *scratch = *state;
    struct publication p;
    struct error err = {0};
    document_write(scratch, "regions=\"regions.csv\"", "regions=\"nowhere.csv\"");
    assert_int_equal(publication_load(&p, scratch->folder, NULL, &err), -1);
    char *expected = scratch_message(scratch_path(scratch, "nowhere.csv"), ": cannot read: ");
    assert_true(g_str_has_prefix(err.message, expected));
    g_free(expected);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    /* The grammar is taken from the source tree (tests/run names it; by hand: run in tests/). */
    const char *source = getenv("TEITEN_SOURCE");
    char *data = g_build_filename(source != NULL ? source : "..", "src", "publication", NULL);
    setenv("TEITEN_DATA", data, 1);
    g_free(data);
    const struct CMUnitTest tests[] = {
        TEST(everything),          TEST(defaults),
        TEST(any_order),           TEST(blanks_around_values),
        TEST(against_the_grammar), TEST(against_itself),
        TEST(against_the_files),   TEST(regions_need_registries),
        TEST(port_keys),           TEST(hostile_xml),
        TEST(not_well_formed),     TEST(missing_document),
        TEST(missing_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
