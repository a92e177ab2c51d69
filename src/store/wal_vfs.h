/*
 * wal_vfs: SQLite's own file layer with one difference: what is written to the WAL is gathered and handed to the system
 * in large pieces.
 *
 * SQLite writes a WAL frame as two writes, 24 bytes and a page, and a batch is hundreds of frames: the system calls
 * cost more than the copying. Nobody looks at a frame before the commit that ends with its sync, and the sync hands
 * over everything first, so nothing changes for readers, for other programs or for what a power loss leaves. That
 * holds for synchronous=FULL alone: without the sync at each commit a reader could look for frames that are still
 * here. So only such databases are opened with it.
 */
#ifndef STORE_WAL_VFS_H
#define STORE_WAL_VFS_H

/* The name of the layer over `base` (NULL: SQLite's own), registered at first use; NULL when there is none to be had. */
const char *wal_vfs_over(const char *base);

#endif
