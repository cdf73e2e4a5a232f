<?php
// A day: edits, a move with and without redirect, a deletion, an undeletion, protection, revisions hidden.
return static function ( Scribe $scribe ) {
	$admin = $scribe->person( 'Admin' );
	$zoe = $scribe->person( 'Zoë' );
	$scribe->edit( 'Stays', 'fourth text', $zoe );
	$scribe->edit( 'New page', 'born today', $zoe );
	$scribe->move( 'Moves', 'Moved today', $admin, 'a better name' );
	$scribe->delete( 'Goes', $admin, 'not needed' );
	$scribe->undelete( 'Comes back', $admin, 'needed after all' );
	$scribe->protect( 'Protected', [ 'edit' => 'sysop', 'move' => 'sysop' ], [ 'edit' => 'infinity', 'move' => 'infinity' ], $admin );
	$first = $scribe->db->selectField( 'revision', 'MIN(rev_id)', [ 'rev_page' => $scribe->title( 'Hidden' )->getArticleID() ], __METHOD__ );
	$scribe->hide( 'revision', 'Hidden', $first, 1, $admin );
	$second = $scribe->db->selectField( 'revision', 'MIN(rev_id)', [ 'rev_page' => $scribe->title( 'Half hidden' )->getArticleID() ], __METHOD__ );
	$scribe->hide( 'revision', 'Half hidden', $second, 15, $admin );
};
