<?php
/**
 * The one function of the xdiff extension (not in Debian) that MediaWiki needs to write a DiffHistoryBlob.
 * Format of LibXDiff: checksum and length of the base, then operations: 2 copies (offset, size), 3 inserts (size, bytes).
 * The delta keeps the common beginning and end and inserts what is between; short insertions take the form with 1 byte of size.
 */
if ( !function_exists( 'xdiff_string_rabdiff' ) ) {
	function xdiff_string_rabdiff( string $base, string $text ): string {
		$shorter = min( strlen( $base ), strlen( $text ) );
		$head = strspn( $base ^ $text, "\0" );
		$tail = 0;
		while ( $tail < $shorter - $head && $base[-1 - $tail] === $text[-1 - $tail] ) {
			$tail++;
		}
		$copy = static fn ( int $from, int $size ) => $size === 0 ? '' : "\x02" . pack( 'VV', $from, $size );
		$middle = substr( $text, $head, strlen( $text ) - $head - $tail );
		$insert = '';
		if ( $middle !== '' ) {
			$size = strlen( $middle );
			$insert = ( $size < 256 ? "\x01" . chr( $size ) : "\x03" . pack( 'V', $size ) ) . $middle;
		}
		return ( new DiffHistoryBlob() )->xdiffAdler32( $base ) . pack( 'V', strlen( $base ) ) .
			$copy( 0, $head ) . $insert . $copy( strlen( $base ) - $tail, $tail );
	}
}
