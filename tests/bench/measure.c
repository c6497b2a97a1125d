/* Runs a command and prints what it took, as /usr/bin/time would: "CPU_SECONDS WALL_SECONDS
 * PEAK_RESIDENT_KIB".
 *
 *     measure OUTPUT COMMAND...        its standard output goes to OUTPUT, ours carries the figures */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: measure OUTPUT COMMAND...\n");
        return 2;
    }
    struct timespec start;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    pid_t child = fork();
    if (child == 0) {
        int output = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (output < 0 || dup2(output, STDOUT_FILENO) < 0)
            _exit(126);
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child)
        return 4;
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.3f %.3f %ld\n", seconds(usage.ru_utime) + seconds(usage.ru_stime),
           (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
           usage.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 5;
}
