/* port_knowledge.h - what is known about the ports that the tables show, in words and in the model.
 *
 * Rule 25 of domain practice: a port of which a vulnerability was listed within the publication's days (90)
 * before the quarter's end gets a stub with references that says 要確認: whether it has to do with what was
 * observed is for a person to say.
 */
#ifndef TEITEN_REPORT_PORT_KNOWLEDGE_H
#define TEITEN_REPORT_PORT_KNOWLEDGE_H

#include "report/comparison.h"
#include "report/context.h"
#include "report/model.h"

/* The stub on a table's shown ports, at the end of the draft; nothing where nothing was listed. */
int port_knowledge_draft(struct model_draft *draft, const struct context *context,
                         const struct table_definition *definition, const struct comparison *comparison,
                         struct error *err);
/* What listens at a port: "RouterOS、..."; nothing is appended where it is not known. */
int port_knowledge_listens(const struct context *context, const char *key, GString *out, struct error *err);
/* Every port of the model's tables of which something is known, once, in the order of tables and rows. */
int port_knowledge_fill(struct model *model, const struct context *context, struct error *err);
void port_knowledge_release(struct model *model);

#endif
