/* bin.h - every packet read ends in exactly one bin; the bins add up to the packets read, always. */
#ifndef TEITEN_SUMMARY_BIN_H
#define TEITEN_SUMMARY_BIN_H

enum bin {
    BIN_COUNTED,          /* one fact: entered every measure whose filter let it through */
    BIN_OUTSIDE_QUARTER,  /* its time lies in no day of the edition */
    BIN_BAD_TIME,         /* its time stamp cannot be one (seconds or fraction out of range) */
    BIN_UNSUPPORTED_LINK, /* link type that this program does not decode */
    BIN_NOT_IP,           /* ARP, LLC, ... */
    BIN_TRUNCATED,        /* the capture cut it before the end of what had to be read */
    BIN_MALFORMED,        /* a header contradicts itself or its RFC */
    BIN_FRAGMENT,         /* non-first fragment: has no port */
    BIN_FROM_SENSOR,      /* sent by a sensor */
    BIN_NOT_TO_SENSOR,    /* to no sensor that was in force that day */
    BIN_COUNT
};

/* Stable names for files and programs: "counted", "outside-quarter", ... */
const char *bin_name(enum bin bin);
/* -1 when there is no bin of that name. */
int bin_find(const char *name);

#endif
