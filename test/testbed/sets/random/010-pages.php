<?php
// Pages of random bytes, the same for the same ROTA_SEED: what nobody thought of when writing the other sets.
return static function ( Scribe $scribe ) {
	mt_srand( (int)getenv( 'ROTA_SEED' ) );
	$count = (int)( getenv( 'ROTA_RANDOM_REVISIONS' ) ?: 1500 );
	$one = static fn ( array $from ) => $from[mt_rand( 0, count( $from ) - 1 )];
	$character = static function ( int $from, int $to ) {
		do {
			$code = mt_rand( $from, $to );
		} while ( $code >= 0xD800 && $code <= 0xDFFF );
		return mb_chr( $code );
	};
	// Of characters that came to Unicode later, PHP and Node may know different orders of accents: random bytes make such ones too.
	$known = static fn ( string $text ) => preg_replace_callback(
		'/[\xC2-\xDF][\x80-\xBF]|[\xE0-\xEF][\x80-\xBF]{2}|[\xF0-\xF4][\x80-\xBF]{3}/',
		static function ( array $match ) {
			$code = mb_ord( $match[0], 'UTF-8' );
			return $code === false || IntlChar::isdefined( $code ) ? $match[0] : '?';
		},
		$text
	);
	$kinds = [
		static fn () => $one( [ 'word', 'Rota', '==', "\n", ' ', '0' ] ),
		static fn () => $one( [ '&', '<', '>', '"', "'", '&amp;', ']]>', '<!--' ] ),
		static fn () => $one( [ "\r", "\r\n", "\t", "\0", "\x0b", "\x0c", "\x1f", "\x7f" ] ),
		static fn () => chr( mt_rand( 0, 255 ) ),
		static fn () => chr( mt_rand( 0x80, 0xFF ) ) . chr( mt_rand( 0x80, 0xBF ) ) . chr( mt_rand( 0x80, 0xBF ) ),
		static fn () => $character( 0x80, 0x7FF ),
		static fn () => $one( [ 'e', 'A', 'o', "\u{1100}", "\u{1112}" ] ) . $character( 0x300, 0x36F ) . $one( [ '', "\u{1161}", "\u{11A8}" ] ),
		static fn () => $character( 0x900, 0x10FF ),
		static fn () => $character( 0x1100, 0x11FF ),
		static fn () => $character( 0x1E00, 0x2FFF ),
		static fn () => $character( 0xF900, 0xFFFF ),
		static fn () => $character( 0x10000, 0x10FFFF ),
		static fn () => str_repeat( $one( [ 'a', '<', 'é', '中', "\u{1F600}", "\n" ] ), mt_rand( 1, 70 ) ),
	];
	$bytes = static function ( int $longest ) use ( $kinds, $one, $known ) {
		// Each text prefers some kinds, so that clean ones and wholly broken ones both occur.
		$preferred = [ $one( $kinds ), $one( $kinds ), $one( $kinds ), $kinds[0] ];
		$length = (int)pow( $longest, mt_rand( 0, 1000 ) / 1000 );
		$text = '';
		while ( strlen( $text ) < $length ) {
			$text .= $one( $preferred )();
		}
		return $known( $text );
	};
	$writers = [ $scribe->person( 'Zoë' ), $scribe->person( 'Admin' ), $scribe->stranger( '192.0.2.33' ) ];
	for ( $i = 1; $i <= $count; $i++ ) {
		$page = 'Random ' . (int)sqrt( mt_rand( 1, $count ) );
		$scribe->store( $page, $bytes( 40000 ), $one( $writers ), [ 'summary' => $bytes( 400 ), 'minor' => mt_rand( 0, 1 ) === 1 ] );
	}
};
