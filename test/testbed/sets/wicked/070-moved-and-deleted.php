<?php
// Pages that moved, were deleted, suppressed, restored or merged, and null revisions of protection.
return static function ( Scribe $scribe ) {
	$admin = $scribe->person( 'Admin' );
	$zoe = $scribe->person( 'Zoë' );
	$ip = $scribe->stranger( '192.0.2.33' );
	$scribe->edit( 'Move me', 'to be moved', $zoe );
	$scribe->edit( 'Move me', 'to be moved twice', $ip );
	$scribe->move( 'Move me', 'Moved once', $admin, 'first & second' );
	$scribe->move( 'Moved once', 'Help:Moved twice', $admin, '', false );
	// The first summary stays in the public log of page creations: it is no secret.
	$scribe->edit( 'Deleted page', 'secret deleted text', $zoe, [ 'summary' => 'made' ] );
	$scribe->edit( 'Deleted page', 'secret deleted text, second', $ip, [ 'summary' => 'secret deleted summary' ] );
	$scribe->delete( 'Deleted page', $admin, 'spam <b>&</b>' );
	$scribe->edit( 'Deleted page', 'made again with a new page id', $zoe );
	$scribe->edit( 'Deleted only', 'secret deleted only', $zoe, [ 'summary' => 'made' ] );
	$scribe->delete( 'Deleted only', $admin, 'gone' );
	$scribe->edit( 'Suppressed page', 'secret suppressed text', $zoe, [ 'summary' => 'made' ] );
	$scribe->delete( 'Suppressed page', $admin, 'secret suppress reason', true );
	$scribe->edit( 'Undeleted page', 'first', $zoe );
	$scribe->edit( 'Undeleted page', 'second', $ip );
	$scribe->delete( 'Undeleted page', $admin, 'by mistake' );
	$scribe->undelete( 'Undeleted page', $admin, 'restored' );
	$scribe->edit( 'Merge source', 'older', $zoe );
	$scribe->edit( 'Merge target', 'newer', $zoe );
	$scribe->merge( 'Merge source', 'Merge target', $admin );
	$scribe->edit( 'Protected page', 'protected', $zoe );
	$expiry = [ 'edit' => 'infinity', 'move' => '20300101000000' ];
	$scribe->protect( 'Protected page', [ 'edit' => 'sysop', 'move' => 'sysop' ], $expiry, $admin );
	$scribe->protect( 'Protected page', [ 'edit' => 'autoconfirmed', 'move' => '' ], $expiry, $admin );
	$scribe->protect( 'Salted page', [ 'create' => 'sysop' ], [ 'create' => 'infinity' ], $admin );
};
