/*
 * replay: runs a fuzz target over every file of a corpus folder, so that what was found once stays
 * found. With libFuzzer the same target is linked with -fsanitize=fuzzer instead of this file.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { INPUT_MAX = 4 * 1024 * 1024 };

static int replay_file(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = file ? malloc(INPUT_MAX) : NULL;
    if (!bytes) {
        fprintf(stderr, "replay: %s cannot be read\n", path);
        return 1;
    }
    size_t len = fread(bytes, 1, INPUT_MAX, file);
    LLVMFuzzerTestOneInput(bytes, len);
    free(bytes);
    return fclose(file) != 0;
}

int main(int count, char **words)
{
    DIR *folder = count == 2 ? opendir(words[1]) : NULL;
    if (!folder) {
        fprintf(stderr, "usage: replay CORPUS-FOLDER\n");
        return 2;
    }
    int failed = 0, files = 0;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (entry->d_name[0] == '.')
            continue;
        failed |= replay_file(words[1], entry->d_name);
        files++;
    }
    closedir(folder);
    printf("%d inputs\n", files);
    return failed || files == 0;
}
