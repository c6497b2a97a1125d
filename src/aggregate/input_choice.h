/* input_choice.h - archives that the command line names: a list of files, folders, globs, standard input. */
#ifndef TEITEN_AGGREGATE_INPUT_CHOICE_H
#define TEITEN_AGGREGATE_INPUT_CHOICE_H

#include "aggregate/inputs.h"

/* Adds struct input * in any order. A file that is named twice is taken once, with a warning. Errors name the
 * list's line. */
int input_choice_collect(const struct input_choice *choice, const struct publication *publication,
                         const struct edition *edition, GPtrArray *inputs, struct warning_log *log,
                         struct error *err);

/* Adds one file (inputs.c); standard input is a file with the path "-" that is not regular. */
void input_add(GPtrArray *inputs, const struct publication *publication, const struct publication_file *file);
/* What becomes of an archive's name that is a link to nowhere: where unreadable archives are skipped it is
 * one of them. */
enum publication_links inputs_links(const struct publication *publication);

#endif
