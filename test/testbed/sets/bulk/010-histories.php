<?php
// Plain pages whose texts grow edit by edit: what compressOld and recompressTracked work on.
return static function ( Scribe $scribe ) {
	$words = explode( ' ', 'the quick brown fox jumps over a lazy dog while größere Wörter and 中文 字 appear & vanish' );
	$writers = [ $scribe->person( 'Admin' ), $scribe->person( 'Zoë' ), $scribe->stranger( '192.0.2.33' ), $scribe->stranger( '2001:DB8:0:0:0:0:0:1' ) ];
	mt_srand( 20200101 );
	$line = static function () use ( $words ) {
		$chosen = [];
		for ( $i = 0; $i < 12; $i++ ) {
			$chosen[] = $words[mt_rand( 0, count( $words ) - 1 )];
		}
		return implode( ' ', $chosen );
	};
	for ( $page = 1; $page <= 24; $page++ ) {
		$lines = [ "== History $page ==" ];
		for ( $edit = 1; $edit <= 4 + $page * 2; $edit++ ) {
			if ( count( $lines ) > 3 && mt_rand( 0, 2 ) === 0 ) {
				$lines[mt_rand( 1, count( $lines ) - 1 )] = $line();
			} else {
				$lines[] = $line();
			}
			$scribe->store( "History $page", implode( "\n", $lines ), $writers[$edit % 4], [ 'summary' => "edit $edit", 'minor' => $edit % 4 === 0 ] );
		}
	}
};
