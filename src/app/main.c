#include <stdio.h>

int main(void)
{
    puts("Điểm Cầu");
    return 0;
}
