<?php
// Revision deletion and suppression: every combination of bits on revisions and log entries, the latest revision too.
return static function ( Scribe $scribe ) {
	$admin = $scribe->person( 'Admin' );
	$zoe = $scribe->person( 'Zoë' );
	// What a bit hides is secret; what it leaves shown is not.
	$word = static fn ( int $bits, int $bit, string $what ) => ( $bits & $bit ? 'secret ' : 'shown ' ) . "$what $bits";
	$who = static fn ( int $bits ) => $bits & 4 ? $scribe->person( "Secretive $bits" ) : ( $bits % 2 ? $zoe : $scribe->stranger( "198.51.100.$bits" ) );
	$accounts = [];
	for ( $bits = 0; $bits < 16; $bits++ ) {
		// The account's own creation is logged in public: the entry that names it is hidden with it.
		$id = $scribe->edit( 'Hidden revisions', $word( $bits, 1, 'text' ), $who( $bits ),
			[ 'summary' => $word( $bits, 2, 'summary' ), 'minor' => $bits % 3 === 0 ] );
		$hide[$id] = $bits;
	}
	$scribe->edit( 'Hidden revisions', 'the last one is shown', $zoe );
	foreach ( array_filter( $hide ) as $id => $bits ) {
		$scribe->hide( 'revision', 'Hidden revisions', $id, $bits, $admin );
	}
	foreach ( [ 1, 2, 4, 7, 15 ] as $bits ) {
		$scribe->edit( "Hidden latest $bits", 'the first text', $zoe );
		$id = $scribe->edit( "Hidden latest $bits", $word( $bits, 1, 'latest text' ), $who( $bits | 32 ), [ 'summary' => $word( $bits, 2, 'latest summary' ) ] );
		// The wiki refuses to hide the text of a latest revision; a history merge or an import can make one latest.
		$scribe->alter( 'revision', [ 'rev_deleted' => $bits ], [ 'rev_id' => $id ] );
	}
	for ( $bits = 1; $bits < 16; $bits++ ) {
		$id = $scribe->log( 'test', 'hidden', ucfirst( $word( $bits, 1, 'target' ) ), $who( $bits ),
			[ 'params' => [ '4::p' => $word( $bits, 1, 'parameter' ) ], 'comment' => $word( $bits, 2, 'log comment' ) ] );
		$scribe->hide( 'logging', 'Special:Log', $id, $bits, $admin );
	}
	$scribe->log( 'suppress', 'test', 'Secret suppressed target', $admin, [ 'comment' => 'secret suppress entry' ] );
	// A user whose name is hidden everywhere, by a block.
	$vandal = $scribe->person( 'Secret vandal name' );
	$scribe->edit( 'Texts of a hidden user', 'what the user wrote stays', $vandal, [ 'summary' => 'with a summary' ] );
	$scribe->block( $vandal->getName(), $admin, 'infinity', 'secret block reason', [ 'isHideUser' => true ] );
	// Accounts that only exist to be hidden are hidden in the log of new accounts too.
	$scribe->db->update( 'logging', [ 'log_deleted' => 5 ],
		[ 'log_type' => 'newusers', 'log_title' . $scribe->db->buildLike( 'Secret', $scribe->db->anyString() ) ], __METHOD__ );
};
