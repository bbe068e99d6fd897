/* The least that a program can do: one GET over the server's unix socket. The yardstick for `orca`'s start. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char buffer[65536];
    const char *request = "GET /v1/server HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ssize_t count, total = 0;
    if (argc < 2 || fd < 0) return 2;
    strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) return 1;
    if (write(fd, request, strlen(request)) < 0) return 1;
    while ((count = read(fd, buffer, sizeof buffer)) > 0) total += count;
    printf("%zd bytes\n", total);
    return total > 0 ? 0 : 1;
}
