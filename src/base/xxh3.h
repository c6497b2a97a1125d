/* xxh3.h - <xxhash.h>, where XXH3 takes the widest instructions that the processor has. The digests are the
 * same. */
#ifndef TEITEN_BASE_XXH3_H
#define TEITEN_BASE_XXH3_H

#ifdef __x86_64__
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

#endif
